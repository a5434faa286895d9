import type { Request } from 'express'
import type { Sender } from '../captcha'
import { originOf } from '../origin'

/**
 * Whether a request comes from a page of this site, as far as the browser says; a client that says nothing is no browser,
 * and has no cookies that somebody else could use. What only the session carries may be spent by such requests alone: a
 * stranger's page can make a browser send its cookies, but not an answer that it does not know. A page on another sub-domain, port or
 * scheme is a stranger's too: a site need not have made all of them.
 *
 * `unknown`: all that the browser says is `Origin: null`, as it does on plain http for pages with `Referrer-Policy: no-referrer`: the
 * site's own, and any stranger's.
 *
 * @param origins further origins whose pages count as this site's, such as `https://app.example.com`
 */
export function senderOf(req: Request, origins: readonly string[]): Sender {
  const page = pageOf(req)
  if (page !== undefined && origins.includes(page)) return 'own'
  // Says more than the others and knows no proxies; absent in older browsers and on plain http.
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'other'
  if (page === 'null') return 'unknown'
  return page === undefined || (URL.canParse(page) && isThisSite(new URL(page), req)) ? 'own' : 'other'
}

/** The origin of the page that sent a request, as the browser writes it: `null` for sandboxed and local ones. Undefined: it says nothing. */
function pageOf(req: Request): string | undefined {
  const origin = req.get('origin')
  if (origin !== undefined) return origin
  const referrer = req.get('referer')
  return referrer !== undefined && URL.canParse(referrer) ? originOf(referrer) : referrer
}

/** Host and port must be this site's, and the scheme where it is known. */
function isThisSite(page: URL, req: Request): boolean {
  const host = hostOf(req)
  // An app of any name may have a host of this name.
  if (!/^https?:$/.test(page.protocol)) return false
  const written = `${page.protocol}//${host}`
  if (host === undefined || !URL.canParse(written)) return false
  if (isSchemeKnown(req) && page.protocol !== `${req.protocol}:`) return false
  // Both read as addresses of the page's scheme: a port that need not be written is the same port.
  const site = new URL(written)
  return site.hostname === page.hostname && site.port === page.port
}

/** Name and port by which the visitor reached the site, from a proxy only where Express trusts it. */
function hostOf(req: Request): string | undefined {
  const forwarded = behindTrusted(req) ? req.get('x-forwarded-host') : undefined
  return forwarded === undefined ? req.get('host') : forwarded.split(',')[0]?.trim()
}

/** Without encryption here the visitor may still have come by https, through a proxy of which Express has not been told. */
const isSchemeKnown = (req: Request): boolean =>
  req.secure || (behindTrusted(req) && req.get('x-forwarded-proto') !== undefined)

function behindTrusted({ app, socket }: Request): boolean {
  const trusts: unknown = app.get('trust proxy fn')
  return typeof trusts === 'function' && trusts(socket.remoteAddress, 0) === true
}

/** What to write where that was a page of the site's own; empty where nothing is to be said. */
export function originToName(req: Request, origins: readonly string[]): string {
  if (senderOf(req, origins) !== 'other') return ''
  const page = pageOf(req)
  // What is shown is an origin, and no text of the visitor's own.
  const origin = page === undefined ? 'null' : originOf(page)
  const where = origin === 'null' ? 'another site' : origin
  const write = origin === 'null' ? 'the origin of that page' : `[${JSON.stringify(origin)}]`
  return ` A pass is taken from this site's own pages alone, and this request comes from one of ${where}; if that is yours, write origins: ${write}.`
}
