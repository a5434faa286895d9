import type { ShownSettings } from '../../../index'
import type { World } from '../../world'
import { askForPuzzle, type Known } from './key'
import { look } from './look'
import { lookUp, reach, shakeHands, type Handshake } from './network'
import { isOfOther, isUnknown } from './other-version'
import { register } from './register'
import { isPage, type Page, type Reply } from './request'
import type { Target } from './target'
import { VENDORS } from './vendor'
import { issueOf, versionOf, type Visits } from './visits'

/** How far the way to the cloud goes; what lies behind the first thing that failed was not looked at. */
export interface CloudFacts extends Target {
  readonly addresses?: readonly string[] | { readonly failed: string }
  readonly connected?: true | { readonly failed: string }
  /** Absent for plain http. */
  readonly handshake?: Handshake | { readonly failed: string }
  /** Several calls of register.php, one after another; of version 4 one look. */
  readonly calls?: readonly Reply[]
  /** The id is unknown there, and the cloud of the other version knows it. */
  readonly ofOther?: boolean
  /** How far this machine's clock is ahead of the cloud's, in milliseconds. */
  readonly ahead?: number
  /** Version 3 only. */
  readonly known?: Known
}

const CALLS = 3

/** Of version 4 it is empty: there is none. */
const wordOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** From the options, or from what a page is told. A site that goes another way than straight is not followed. */
export function targetOf(settings: ShownSettings | undefined, visits: Visits | undefined): Target | undefined {
  const issue = issueOf(visits?.first)
  const challenge = issue?.success === 1 ? wordOf(issue.challenge) : undefined
  if (settings) return settings.ownHttp ? undefined : { ...settings, challenge }
  if (typeof issue?.gt !== 'string') return undefined
  const { api_server: server, protocol = 'https://' } = issue
  const version = versionOf(issue)
  const apiServer = typeof server === 'string' ? `${String(protocol)}${server}` : VENDORS[version]
  return { version, apiServer, captchaId: issue.gt, digest: 'md5', timeout: undefined, challenge }
}

export async function lookAtCloud(target: Target | undefined, world: World): Promise<CloudFacts | undefined> {
  if (target === undefined || !URL.canParse(target.apiServer)) return undefined
  const url = new URL(target.apiServer)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const { version, apiServer, captchaId, digest, timeout, challenge } = target
  const facts = { version, apiServer, captchaId, digest, timeout, challenge }

  const addresses = await lookUp(url.hostname, world)
  if ('failed' in addresses) return { ...facts, addresses }
  const connected = await reach(url.hostname, port, world)
  if (connected !== true) return { ...facts, addresses, connected }
  const handshake = url.protocol === 'https:' ? await shakeHands(url.hostname, port, world) : undefined
  const way = { ...facts, addresses, connected, ...(handshake && { handshake }) }
  if (handshake !== undefined && ('failed' in handshake || handshake.refused !== undefined)) return way
  return { ...way, ...(await callAt(target, world)) }
}

/** What the cloud itself says. */
async function callAt(target: Target, world: World): Promise<Partial<CloudFacts>> {
  const { version, challenge } = target
  const calls = version === 4 ? [await look(target, world)] : await registerOften(target, world)
  const dated = calls.find((reply): reply is Page => isPage(reply) && reply.headers.date !== undefined)
  const ahead = dated && world.now() - Date.parse(String(dated.headers.date))
  const ofOther = isUnknown(target, calls.at(-1)) && (await isOfOther(target, world))
  const known = version === 4 || challenge === undefined ? undefined : await askForPuzzle(target, challenge, world)
  return { calls, ofOther, ...(ahead !== undefined && { ahead }), ...(known && { known }) }
}

async function registerOften(target: Target, world: World): Promise<Reply[]> {
  const replies: Reply[] = []
  for (let i = 0; i < CALLS; i++) {
    const reply = await register(target, world)
    replies.push(reply)
    // Nobody waits for the same silence three times.
    if (!isPage(reply)) break
  }
  return replies
}
