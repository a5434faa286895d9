import type { ShownSettings } from '../../../index'
import type { World } from '../../world'
import type { Wishes } from '../wishes'
import { compareSignatures, type Known } from './key'
import { saidIn, type Said } from './look'
import { answerAsNobody } from './nobody'
import { lookAtCloud, targetOf, type CloudFacts } from './cloud'
import { lookAtPeers, type Peer } from './peers'
import { lookAtRedis, type RedisFacts } from './redis'
import { lookAtStore, type StoreFacts } from './store'
import { findSubject, type Subject } from './subject'
import { visitInside, visitOutside, type Seen, type Visits } from './visits'

/** Everything that the checks judge. What could not be looked at is `undefined`. */
export interface Facts {
  readonly env: World['env']
  readonly production: boolean
  readonly nodeVersion: string
  /** When the facts were gathered, in ms since 1970. */
  readonly now: number
  readonly subject: Subject
  /** Ports, and paths of sockets, at which the file wanted to listen. */
  readonly listened: readonly (number | string)[]
  /** The scene that was asked for. */
  readonly scene: string | undefined
  readonly settings: ShownSettings | undefined
  readonly peers: readonly Peer[]
  /** From outside where there is an address, else at the app in this process. */
  readonly visits: Visits | undefined
  /** The same, where it was the user's own site, with a session of its own, and not a bare one around the plugin. */
  readonly siteVisits: Visits | undefined
  /** What the app itself made of a visit. */
  readonly seen: Seen | undefined
  readonly cloud: CloudFacts | undefined
  /** What the cloud of version 4 said to the plugin. */
  readonly told: Said | undefined
  /** Whether the cloud recognises what the site makes with its key. */
  readonly known: Known | undefined
  readonly store: StoreFacts | undefined
  readonly redis: RedisFacts | undefined
}

/** Gathers all facts; whatever does not answer is given up after `world.patience`. */
export async function gather(wishes: Wishes, world: World): Promise<Facts> {
  const subject = await findSubject(wishes, world)
  const settings = subject.captcha?.settings
  const inside = await visitInside(subject, wishes, world)
  const outside = wishes.url === undefined ? undefined : await visitOutside(wishes.url, wishes.page, world)
  const visits = outside ?? inside?.visits
  const here = subject.given !== 'url'
  const [cloud, store, redis] = await Promise.all([
    lookAtCloud(targetOf(settings, visits), world),
    settings && subject.given !== 'environment' ? lookAtStore(settings, world) : undefined,
    here ? lookAtRedis(subject.folder, world) : undefined,
  ])
  const told = await answerAsNobody(subject, wishes.prefix, world)
  return {
    env: world.env,
    production: world.env.NODE_ENV === 'production',
    nodeVersion: world.nodeVersion,
    now: world.now(),
    subject,
    listened: world.listened?.() ?? [],
    scene: wishes.scene,
    settings,
    peers: here ? lookAtPeers(subject.folder) : [],
    visits,
    siteVisits: outside ?? (subject.given === 'app' ? visits : undefined),
    seen: inside?.seen,
    cloud,
    told,
    known: cloud?.known ?? compareSignatures(told, saidIn(cloud?.calls?.at(-1))),
    store,
    redis,
  }
}
