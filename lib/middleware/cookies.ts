import type { Request } from 'express'

/** The cookies of a request, by name, in the order in which they came. A name may come twice. */
export function cookiesOf({ headers }: Pick<Request, 'headers'>): [name: string, value: string][] {
  if (!headers.cookie) return []
  return headers.cookie.split(';').map((pair) => {
    const cut = pair.indexOf('=')
    return [pair.slice(0, Math.max(0, cut)).trim(), decoded(pair.slice(cut + 1).trim())]
  })
}

/** What may be ids of sessions in the cookies of a request, in the form in which express-session writes them; unsigned, as far as anybody knows. */
export const sessionIdsOf = (req: Pick<Request, 'headers'>): string[] =>
  cookiesOf(req).flatMap(([, value]) => (value.startsWith('s:') ? value.slice(2, value.lastIndexOf('.')) : []))

/** Whether a cookie of this request carries the id that it has now. */
export function bringsSession(req: Pick<Request, 'headers' | 'sessionID'>): boolean {
  const { cookie } = req.headers
  if (!cookie) return false
  // As express-session and every browser write it, which costs no parsing.
  return cookie.includes(`=s%3A${req.sessionID}.`) || sessionIdsOf(req).includes(req.sessionID)
}

function decoded(value: string): string {
  const bare = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  if (!bare.includes('%')) return bare
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
