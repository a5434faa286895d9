import type { Request } from 'express'

/**
 * Whether a request comes from a page of this site, as far as the browser says; a client that says nothing is no browser,
 * and has no cookies that somebody else could use. What only the session carries may be spent by such requests alone: a
 * stranger's page can make a browser send its cookies, but not an answer that it does not know.
 *
 * @param origins further origins whose pages count as this site's, such as `https://app.example.com`
 */
export function isOwnPage(req: Request, origins: readonly string[]): boolean {
  const origin = req.get('origin')
  if (origin !== undefined && origins.includes(origin)) return true
  // Says more than Origin and knows no proxies; absent in older browsers and on plain http.
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site !== 'cross-site'
  return origin === undefined || hostOf(origin) === req.hostname
}

/** Undefined for `null`, which sandboxed and local pages send. */
const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).hostname : undefined)
