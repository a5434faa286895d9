import { createHash } from 'node:crypto'

/** A Lua script, and the name that Redis knows it by once it was there. */
export interface Script {
  readonly text: string
  readonly sha: string
}

/** Scripts write what depends on a clock; before Redis 5 that has to be asked for, and later it changes nothing. */
export const LUA = (body: string): string =>
  `if redis.replicate_commands then redis.replicate_commands() end\n${body.trim()}`

export function script(body: string): Script {
  const text = LUA(body)
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

/** The server does not have the script, or its user may not name one; the text says the same. */
const WANTS_TEXT = /^(NOSCRIPT|NOPERM|ERR unknown command)/

/** Sends a script's name, and its text only where the server wants that: nothing of it was carried out then. */
export async function byName(script: Script, send: (name: string) => unknown, full: () => unknown): Promise<unknown> {
  try {
    return await send(script.sha)
  } catch (error) {
    if (error instanceof Error && WANTS_TEXT.test(error.message)) return full()
    throw error
  }
}
