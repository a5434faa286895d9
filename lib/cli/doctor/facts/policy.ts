import type { SitePage } from './visits'
import { isPage } from './request'

/** One Content-Security-Policy: what each directive allows. */
export type Policy = ReadonlyMap<string, readonly string[]>

/** What applies where a directive is not there. */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  'script-src': ['script-src-elem', 'script-src', 'default-src'],
  'style-src': ['style-src-elem', 'style-src', 'default-src'],
  'img-src': ['img-src', 'default-src'],
  'connect-src': ['connect-src', 'default-src'],
}

/** The policies of a page: in its header, several of which may be in one, and in its meta elements. */
export function policiesOf(page: SitePage | undefined): readonly Policy[] {
  if (page === undefined || !isPage(page.reply)) return []
  const { headers, body } = page.reply
  const header = [headers['content-security-policy'] ?? ''].flat().join(',')
  return [...header.split(','), ...metasOf(body, 'http-equiv', 'content-security-policy')]
    .map(parse)
    .filter(({ size }) => size > 0)
}

/** The content of a page's meta elements of this name. */
export function metasOf(body: string, attribute: 'http-equiv' | 'name', name: string): readonly string[] {
  const metas = body.match(/<meta\b[^>]*>/gi) ?? []
  return metas
    .filter((meta) => attributeOf(meta, attribute).toLowerCase() === name)
    .map((meta) => attributeOf(meta, 'content'))
}

function attributeOf(tag: string, name: string): string {
  const [, double, single, bare] =
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag) ?? []
  return (double ?? single ?? bare ?? '').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

function parse(text: string): Policy {
  const directives = text.split(';').map((directive) => directive.trim().split(/\s+/))
  return new Map(
    directives
      .filter(([name]) => name !== undefined && name !== '')
      .map(([name = '', ...sources]) => [name.toLowerCase(), sources]),
  )
}

/** The sources that a directive allows; `undefined`: all. */
function sourcesOf(policy: Policy, directive: string): readonly string[] | undefined {
  const found = (FALLBACKS[directive] ?? [directive]).find((name) => policy.has(name))
  return found === undefined ? undefined : policy.get(found)
}

/** Whether a policy lets a page load this. @param source `'self'`, `data:`, or an address with its scheme, in which `*.` stands for any name */
export function allows(policy: Policy, directive: string, source: string): boolean {
  const sources = sourcesOf(policy, directive)
  if (sources === undefined) return true
  // Scripts that a trusted one inserts are trusted; names say nothing then.
  if (directive === 'script-src' && sources.includes("'strict-dynamic'"))
    return sources.some((one) => /^'(nonce|sha)/.test(one))
  return sources.some((one) => covers(one.toLowerCase(), source))
}

function covers(allowed: string, source: string): boolean {
  if (allowed === source) return true
  if (source === "'self'" || source === 'data:') return false
  if (allowed === '*' || allowed === source.slice(0, source.indexOf(':') + 1)) return true
  const [, scheme, host = ''] = /^(?:(https?):\/\/)?([^/]+)\/?$/.exec(allowed) ?? []
  const [, wantedScheme, wanted = ''] = /^(https?):\/\/(.+)$/.exec(source) ?? []
  if (scheme !== undefined && scheme !== wantedScheme && !(scheme === 'http' && wantedScheme === 'https')) return false
  return host === wanted || (host.startsWith('*.') && wanted.endsWith(host.slice(1)))
}
