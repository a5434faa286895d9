import type { Reply } from './request'
import { isPage } from './request'

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: string | undefined
}

export const cookiesOf = (reply: Reply): Cookie[] =>
  isPage(reply) ? (reply.headers['set-cookie'] ?? []).map(parse) : []

function parse(line: string): Cookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const has = (name: string): boolean => attributes.some((attribute) => attribute.toLowerCase() === name)
  const sameSite = attributes.find((attribute) => /^samesite=/i.test(attribute))?.slice('samesite='.length)
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    httpOnly: has('httponly'),
    secure: has('secure'),
    sameSite: sameSite?.toLowerCase(),
  }
}

/** The header that brings them back. */
export const cookieHeader = (cookies: readonly Cookie[]): Record<string, string> =>
  cookies.length === 0 ? {} : { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }

/** A signed session id, `s:<id>.<signature>`, as express-session writes it. */
export function signedSession(cookies: readonly Cookie[]): (Cookie & { id: string; signature: string }) | undefined {
  for (const cookie of cookies) {
    const [, id, signature] = /^s(?::|%3A)(.+)\.([^.]+)$/i.exec(cookie.value) ?? []
    if (id !== undefined && signature !== undefined) return { ...cookie, id, signature: decodeURIComponent(signature) }
  }
  return undefined
}
