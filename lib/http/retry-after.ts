/** Nobody is kept waiting longer than that, in milliseconds, whatever was asked for. */
const MOST_MS = 60_000

/**
 * Reads a Retry-After, in milliseconds from now on: it is a number of seconds or a date.
 *
 * @param headers of any client: an object with any spelling of the names, or something with `get`
 * @param now milliseconds since 1970
 */
export function retryAfterOf(headers: unknown, now: number): number | undefined {
  const text = headerOf(headers)
  if (text === undefined) return undefined
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MOST_MS)
}

function headerOf(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')
  const value: unknown =
    found?.[1] ?? ('get' in headers && typeof headers.get === 'function' && headers.get('retry-after'))
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined
}
