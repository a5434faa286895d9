/** The vendor's cloud (protocol 1.1); https, because the verdict is not signed (design, rule 6). */
export const DEFAULT_API_SERVER = 'https://api.geetest.com'

/** The vendor's cloud of version 4 (protocol 6.1). */
export const DEFAULT_API_SERVER_V4 = 'https://gcaptcha4.geetest.com'

/** A cloud's address: scheme, host, port and path; no query, no credentials, no trailing slash. */
export function isApiServer(value: unknown): value is string {
  const url = parse(value)
  return (
    url !== undefined &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    `${url.username}${url.password}${url.search}${url.hash}` === ''
  )
}

/** Whether an address is of this machine itself: a simulator's, say. */
export const isLoopback = (address: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname)

/** Whether calls to `apiServer` can be read or forged on the way: plain http to anything but this machine. */
export const isExposed = (apiServer: string): boolean =>
  new URL(apiServer).protocol === 'http:' && !isLoopback(apiServer)

/**
 * What pages of an app have in the place of a site: `capacitor://localhost`, `tauri://localhost`, `app://.`, `chrome-extension://…`. As
 * browsers write it, in small letters; `file://` has no host, and is every local page.
 */
const APP = /^(?!(?:https?|wss?|ftp):)[a-z][a-z\d+.-]*:\/\/[^\s/?#@*,\\"'A-Z]+$/

/** An origin as browsers write it in a header. */
export const isOrigin = (value: unknown): value is string =>
  typeof value === 'string' && !value.includes('*') && (APP.test(value) || parse(value)?.origin === value)

/** The origin of an address; `null` where it has none that could be told from others. */
export function originOf(address: string): string {
  const url = parse(address)
  if (url === undefined) return 'null'
  return url.origin === 'null' && url.host !== '' ? `${url.protocol}//${url.host}` : url.origin
}

/** What to write in the place of something that is no origin. */
export function originMeant(given: unknown): string {
  if (typeof given !== 'string') return 'an origin in quotes, such as "https://app.example.com"'
  if (given.includes('*')) return 'each origin by itself, such as "https://app.example.com"; nothing stands for many'
  if (/^(null$|file:|about:|data:|blob:)/i.test(given)) {
    return 'the origin of a page that has one of its own: what is sandboxed or a local file has none, and all such pages say null'
  }
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `https://${given}`
  const meant = originOf(whole)
  return isOrigin(meant) ? JSON.stringify(meant) : 'an origin as a browser sends it, such as "https://app.example.com"'
}

/** The address in one spelling, without a slash at its end. */
export function normalOrigin(apiServer: string): string {
  const { protocol, host, pathname } = new URL(apiServer)
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`
}

/** What the page passes to `initGeetest` for another cloud than the vendor's; nothing for the vendor's own. */
export function browserCloud(apiServer: string): { api_server?: string; protocol?: string } {
  if (apiServer === DEFAULT_API_SERVER || apiServer === DEFAULT_API_SERVER_V4) return {}
  const protocol = apiServer.slice(0, apiServer.indexOf('//') + 2)
  return { api_server: apiServer.slice(protocol.length), protocol }
}

function parse(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  return new URL(value)
}
