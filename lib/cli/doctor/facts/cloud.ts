import type { ShownSettings } from '../../../index'
import type { World } from '../../world'
import { askForPuzzle, type Known } from './key'
import { lookUp, reach, shakeHands, type Handshake } from './network'
import { ask, isPage, type Page, type Reply } from './request'
import { issueOf, type Visits } from './visits'

/** Which cloud, and as whom. */
export interface Target {
  readonly apiServer: string
  readonly captchaId: string
  readonly digest: string
  /** Deadline of one call, in milliseconds, where it is known. */
  readonly timeout: number | undefined
  /** A challenge that the site has registered there. */
  readonly challenge: string | undefined
}

/** How far the way to the cloud goes; what lies behind the first thing that failed was not looked at. */
export interface CloudFacts extends Target {
  readonly addresses?: readonly string[] | { readonly failed: string }
  readonly connected?: true | { readonly failed: string }
  /** Absent for plain http. */
  readonly handshake?: Handshake | { readonly failed: string }
  /** Several calls of register.php, one after another. */
  readonly registrations?: readonly Reply[]
  /** How far this machine's clock is ahead of the cloud's, in milliseconds. */
  readonly ahead?: number
  readonly known?: Known
}

const DEFAULT_API_SERVER = 'https://api.geetest.com'
const CALLS = 3

/** From the options, or from what a page is told. A site that goes another way than straight is not followed. */
export function targetOf(settings: ShownSettings | undefined, visits: Visits | undefined): Target | undefined {
  const issue = issueOf(visits?.first)
  const challenge = issue?.success === 1 ? String(issue.challenge) : undefined
  if (settings) return settings.ownHttp ? undefined : { ...settings, challenge }
  if (typeof issue?.gt !== 'string') return undefined
  const { api_server: server, protocol = 'https://' } = issue
  const apiServer = typeof server === 'string' ? `${String(protocol)}${server}` : DEFAULT_API_SERVER
  return { apiServer, captchaId: issue.gt, digest: 'md5', timeout: undefined, challenge }
}

export async function lookAtCloud(target: Target | undefined, world: World): Promise<CloudFacts | undefined> {
  if (target === undefined || !URL.canParse(target.apiServer)) return undefined
  const url = new URL(target.apiServer)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const { apiServer, captchaId, digest, timeout, challenge } = target
  const facts = { apiServer, captchaId, digest, timeout, challenge }

  const addresses = await lookUp(url.hostname, world)
  if ('failed' in addresses) return { ...facts, addresses }
  const connected = await reach(url.hostname, port, world)
  if (connected !== true) return { ...facts, addresses, connected }
  const handshake = url.protocol === 'https:' ? await shakeHands(url.hostname, port, world) : undefined
  const way = { ...facts, addresses, connected, ...(handshake && { handshake }) }
  if (handshake !== undefined && ('failed' in handshake || handshake.refused !== undefined)) return way

  const registrations = await register(target, world)
  const dated = registrations.find((reply): reply is Page => isPage(reply) && reply.headers.date !== undefined)
  const known = challenge === undefined ? undefined : await askForPuzzle(target, challenge, world)
  return {
    ...way,
    registrations,
    ...(dated && { ahead: world.now() - Date.parse(String(dated.headers.date)) }),
    ...(known && { known }),
  }
}

async function register({ apiServer, captchaId, digest }: Target, world: World): Promise<Reply[]> {
  const params = new URLSearchParams({ gt: captchaId, digestmod: digest, json_format: '1' }).toString()
  const replies: Reply[] = []
  for (let i = 0; i < CALLS; i++) {
    const reply = await ask(`${apiServer}/register.php?${params}`, world)
    replies.push(reply)
    // Nobody waits for the same silence three times.
    if (!isPage(reply)) break
  }
  return replies
}
