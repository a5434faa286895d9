import type { World } from '../../world'
import type { Target } from './target'
import { ask, isPage, type Reply } from './request'

/** One call of register.php, of version 3. */
export function register({ apiServer, captchaId, digest }: Target, world: World): Promise<Reply> {
  const params = new URLSearchParams({ gt: captchaId, digestmod: digest, json_format: '1' }).toString()
  return ask(`${apiServer}/register.php?${params}`, world)
}

/** `0` where the cloud does not know the id. Older clouds answer in plain text. */
export function challengeIn(reply: Reply | undefined): string {
  const text = isPage(reply) ? reply.body : ''
  try {
    const value: unknown = JSON.parse(text)
    return String(typeof value === 'object' && value !== null ? (value as { challenge?: unknown }).challenge : value)
  } catch {
    return text
  }
}

export const isChallenge = (text: string): boolean => /^.{32}$/.test(text)
