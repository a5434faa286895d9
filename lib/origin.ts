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

/** An origin as browsers write it in a header. */
export const isOrigin = (value: unknown): value is string => parse(value)?.origin === value

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
