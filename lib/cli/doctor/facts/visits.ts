import { trustsEverybody, type Version } from '../../../index'
import type { World } from '../../world'
import { cookieHeader, cookiesOf, signedSession } from './cookies'
import { startHost, type Host } from './host'
import { ask, objectIn, type Reply } from './request'
import type { Subject } from './subject'
import type { Wishes } from '../wishes'

/** A script, and what came back for it. */
export interface Script {
  readonly file: string
  readonly reply: Reply
}

/** A newcomer who asks for a challenge twice and for the scripts, as every page does. */
export interface Visits {
  /** What they were asked at. */
  readonly base: string
  /** Whether that was the app in this process: its address there means nothing to anybody else. */
  readonly inside: boolean
  readonly first: Reply
  /** With the cookies that the first one set. */
  readonly second: Reply
  /** Those of the version that the page is told of, the loader first. Without any cookie. */
  readonly scripts: readonly Script[]
  readonly page?: SitePage
}

/** What the app made of the first visit. */
export interface Seen {
  readonly hasSession: boolean
  /** Whose it is. `cookie-session`: all of it is in its cookie; `other`: something else without an id. */
  readonly sessionKind: 'express-session' | 'cookie-session' | 'other' | 'none'
  /** express-session's own store in memory. */
  readonly memorySessions: boolean
  /** Whether the cookie is for https alone. */
  readonly secureCookie: boolean
  /** The cookie came only once the app was made to believe that TLS ends in its own process. */
  readonly needsEncryption: boolean
  /** Express's setting as it stands. */
  readonly trustProxy: unknown
  /** It trusts every address, so that visitors choose theirs. */
  readonly trustsAll: boolean
  /** It trusts whoever is on the other side of a unix socket. */
  readonly trustsSocket: boolean
}

/** As a proxy on this machine passes on a visitor who came by https. */
export const PROXIED = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.7' }

/** What a page loads from where the plugin is mounted; of version 4 also what its loader loads in an outage. */
const SCRIPTS: Readonly<Record<Version, readonly string[]>> = { 3: ['gt.js'], 4: ['gt4.js', 'gt4-offline.js'] }

/** A page of the site, and how it came. */
export interface SitePage {
  readonly path: string
  readonly reply: Reply
}

interface Route {
  /** Scheme, host and port. */
  readonly origin: string
  /** Where the plugin's routes are. */
  readonly base: string
  /** Absent: no page is looked at. */
  readonly page?: string | undefined
  readonly inside: boolean
}

async function visit(
  { origin, base, page, inside }: Route,
  world: World,
  headers: Readonly<Record<string, string>>,
): Promise<Visits> {
  const reply = page === undefined ? undefined : await ask(origin + page, world, { headers })
  const first = await ask(`${base}/getcaptcha`, world, { headers })
  const cookies = cookieHeader(cookiesOf(first))
  const second = await ask(`${base}/getcaptcha`, world, { headers: { ...headers, ...cookies } })
  const scripts: Script[] = []
  for (const file of SCRIPTS[versionOf(issueOf(first))]) {
    scripts.push({ file, reply: await ask(`${base}/${file}`, world, { headers }) })
  }
  return { base, inside, first, second, scripts, ...(page !== undefined && reply && { page: { path: page, reply } }) }
}

/** @param url where the plugin's routes are: the site's origin, and the prefix where there is one */
export const visitOutside = (url: string, page: string, world: World): Promise<Visits> =>
  visit({ origin: new URL(url).origin, base: url.replace(/\/+$/, ''), page, inside: false }, world, {})

/** Visits the user's app in this process; `undefined` where there is none. */
export async function visitInside(
  { app, given }: Subject,
  { prefix, page }: Pick<Wishes, 'prefix' | 'page'>,
  world: World,
): Promise<{ visits: Visits; seen: Seen } | undefined> {
  if (app === undefined) return undefined
  const host = await startHost(app)
  const route = { origin: host.url, base: host.url + prefix, inside: true, page: given === 'app' ? page : undefined }
  try {
    const visits = await visit(route, world, PROXIED)
    const plain = look(host)
    if (signedSession(cookiesOf(visits.first)) || !plain.secureCookie) return { visits, seen: plain }
    host.encrypted = true
    return { visits: await visit(route, world, PROXIED), seen: { ...plain, needsEncryption: true } }
  } finally {
    await host.close()
  }
}

function look({ last }: Host): Seen {
  const { session, sessionStore, app } = last ?? {}
  return {
    hasSession: typeof session === 'object' && session !== null,
    memorySessions: sessionStore?.constructor.name === 'MemoryStore' && 'sessions' in sessionStore,
    sessionKind: kindOf(session, last),
    secureCookie: (session as { cookie?: { secure?: unknown } } | undefined)?.cookie?.secure === true,
    needsEncryption: false,
    trustProxy: app?.get('trust proxy') as unknown,
    trustsAll: app !== undefined && trustsEverybody(app),
    trustsSocket: app !== undefined && trustsSocket(app),
  }
}

function kindOf(session: unknown, last: Host['last']): Seen['sessionKind'] {
  if (typeof session !== 'object' || session === null) return 'none'
  if (typeof last?.sessionID === 'string') return 'express-session'
  return 'isPopulated' in session || 'sessionOptions' in Object(last) ? 'cookie-session' : 'other'
}

/** A socket has no address that could be named: it is trusted by counting. */
function trustsSocket(app: { get(setting: string): unknown }): boolean {
  const trusts: unknown = app.get('trust proxy fn')
  return typeof trusts === 'function' && trusts(undefined, 0) === true
}

/** What `GET /getcaptcha` answered, where that is an object of JSON. */
export const issueOf = objectIn

/** Which version of the captcha a page is told to load. */
export const versionOf = (issue: ReturnType<typeof issueOf>): Version => (issue?.version === 4 ? 4 : 3)
