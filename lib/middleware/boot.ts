import { GeetestError } from '../errors'
import { MemoryStore } from '../memory-store'
import type { CloudSettings } from '../options'
import { isLoopback } from '../origin'

/** Ids that stand, keys beside them, in public demos and tutorials: whoever reads those can sign answers. */
const PUBLISHED: ReadonlySet<string> = new Set([
  'b46d1900d0a894591916ea94ea91bd2c',
  '7c25da6fe21944cfe507d2f9876775a9',
  '48a6ebac4ebc6642d68c217fca33eb4d',
  '647f5ed2ed8acb4be36784e01556bb71',
])
/** One digit over and over. */
const PLACEHOLDER_ID = /^([0-9f])\1{31}$/i
/** The words that stand in examples where the key should. */
const PLACEHOLDER_KEY =
  /^(<.*>|x{3,}|\*+|\.{3}|change-?me|secret|your.*|(my|the)?[-_]?(geetest|private|captcha)?[-_]?key|你的.*)$/i

/**
 * Against a real cloud the id and the key must be the site's own; a simulator takes any.
 * @throws GeetestError `invalid_option`
 */
export function refusePublished({ captchaId, privateKey, apiServer }: CloudSettings): void {
  if (isLoopback(apiServer)) return
  const own = 'write the one that the vendor made for your site, or point apiServer at a simulator'
  if (PUBLISHED.has(captchaId.toLowerCase())) {
    throw refuse(`option captchaId is ${captchaId}, which is published together with its key; ${own}`)
  }
  if (PLACEHOLDER_ID.test(captchaId)) throw refuse(`option captchaId is ${captchaId}, a placeholder; ${own}`)
  if (PLACEHOLDER_KEY.test(privateKey)) throw refuse(`option privateKey is a placeholder; ${own}`)
}

const refuse = (what: string): GeetestError => GeetestError.setup('invalid_option', `geetest: ${what}`)

let warned = false

/** The default store, which is right for one process; who writes it down as `store` knows that, and hears nothing. */
export function memoryStore(now: () => number): MemoryStore {
  if (process.env.NODE_ENV === 'production' && !warned) {
    warned = true
    process.emitWarning(
      'captchas are kept in this process alone: with a second process, or after a restart, visitors have to solve them ' +
        'again. Write store: new RedisStore(client) for several processes, or store: new MemoryStore() if there is one.',
      { type: 'GeetestWarning', code: 'GEETEST_MEMORY_STORE' },
    )
  }
  return new MemoryStore({ now })
}
