import { deriveChallenge, isYesTo, type DigestMod } from './digest'
import type { Answer } from './answer'
import { isFailed, type Reply, type Send } from './http'
import { version } from './version'

/** What the site knows of the visitor and tells the cloud; everything is optional and left out when absent or empty. */
export interface Visitor {
  /** A label of the end user, for the vendor's analysis. Never used as identity here. */
  readonly userId?: string | undefined
  /** `web`, `h5` (phone browser or webview), `native` or `unknown` (protocol 1.1). */
  readonly clientType?: ClientType | undefined
  /** The visitor's address as the site sees it. */
  readonly ipAddress?: string | undefined
}
export const clientTypes = ['web', 'h5', 'native', 'unknown'] as const
export type ClientType = (typeof clientTypes)[number]

/**
 * Why the cloud gave no usable answer. `id_refused`: it answered, but does not know this captcha id. `busy`: this machine is why,
 * which had too many calls under way, no descriptor left or no time to read. `throttled`: the cloud asks us to come less often (429).
 * The last two say nothing about how the cloud is.
 */
export type Cause = 'timeout' | 'network' | 'busy' | 'throttled' | 'status' | 'garbage' | 'id_refused'

/** What the cloud is asked for, each of which may fail alone. */
export type Endpoint = 'register' | 'validate'

/** No answer: why, and how many milliseconds the cloud asks us to wait, where it does. */
export interface Lost {
  readonly cause: Cause
  readonly retryAfter?: number | undefined
  /** `busy` because this process had no time for a call that was sent: more patience would tell. */
  readonly late?: boolean | undefined
}
export type Registration = { readonly challenge: string } | Lost
export type Judgement = { readonly verdict: 'ok' | 'rejected' } | Lost

/** Whether there was no answer; by what the reply itself has, not by what all objects may have inherited. */
export const isLost = (reply: object): reply is Lost => Object.hasOwn(reply, 'cause')

/** Geetest's cloud: send, then judge the reply. No call ever rejects. */
export interface Cloud {
  register(visitor: Visitor): Promise<Registration>
  validate(answer: Answer, visitor: Visitor): Promise<Judgement>
  /** Has an answer judged that no visitor has a say in: `undefined` where validate.php does its work, else why not. */
  look(): Promise<Lost | undefined>
}

/** Nobody's: the cloud says no to it, and by that it shows that it is there. */
const NOBODY: Answer = {
  challenge: '0'.repeat(32),
  validate: '0'.repeat(32),
  seccode: `${'0'.repeat(32)}|jordan`,
}

export interface CloudConfig {
  readonly captchaId: string
  readonly privateKey: string
  readonly apiServer: string
  readonly digest: DigestMod
}

/** @param sendRegister carries what visitors ask for; @param sendValidate what they have solved, so that neither waits for the other */
export function createCloud(config: CloudConfig, sendRegister: Send, sendValidate: Send): Cloud {
  const common = { digestmod: config.digest, json_format: '1', sdk: `express-geetest:${version}` }
  async function validate({ challenge, seccode }: Answer, visitor: Visitor): Promise<Judgement> {
    const params = { seccode, challenge, captchaid: config.captchaId, ...common, ...visitorParams(visitor) }
    const reply = await sendValidate({ method: 'POST', url: `${config.apiServer}/validate.php`, params })
    return judgeValidate(reply, seccode, config)
  }

  return {
    async register(visitor) {
      const params = { gt: config.captchaId, ...common, ...visitorParams(visitor) }
      const reply = await sendRegister({ method: 'GET', url: `${config.apiServer}/register.php`, params })
      return judgeRegister(reply, config)
    },
    validate,
    async look() {
      const judgement = await validate(NOBODY, {})
      return isLost(judgement) ? judgement : undefined
    },
  }
}

/** register.php: exactly 32 characters are a challenge, `0` means an unknown id, all else is no answer (protocol 1.1). */
function judgeRegister(reply: Reply, { privateKey, digest }: CloudConfig): Registration {
  const text = usable(reply)
  if (typeof text !== 'string') return text
  const origin = member(text, 'challenge')
  if (origin === '0') return { cause: 'id_refused' }
  if (typeof origin !== 'string' || origin.length !== 32) return { cause: 'garbage' }
  return { challenge: deriveChallenge(origin, privateKey, digest) }
}

/**
 * validate.php: the exact digest of the seccode passes, the word `false` refuses (protocol 1.4). Anything else is nobody's
 * verdict, so that an error page neither lets a bot in nor burns a visitor's solve.
 */
function judgeValidate(reply: Reply, seccode: string, config: CloudConfig): Judgement {
  const text = usable(reply)
  if (typeof text !== 'string') return text
  const answer = member(text, 'seccode')
  if (answer === 'false') return { verdict: 'rejected' }
  if (typeof answer === 'string' && isYesTo(seccode, answer, config)) return { verdict: 'ok' }
  return { cause: 'garbage' }
}

/** The text of a reply that is worth judging, or why there is none. */
export function usable(reply: Reply): string | Lost {
  if (isFailed(reply)) return { cause: reply.failed, late: reply.late }
  if (reply.status === 429) return { cause: 'throttled', retryAfter: reply.retryAfter }
  return reply.status === 200 ? reply.text : { cause: 'status' }
}

/** The named member of a JSON answer, or the whole of a plain-text one: older clouds ignore `json_format`. */
function member(text: string, name: string): unknown {
  if (!text.startsWith('{')) return text
  try {
    return (JSON.parse(text) as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}

function visitorParams({ userId, clientType, ipAddress }: Visitor): Record<string, string> {
  const params: Record<string, string> = {}
  if (userId) params.user_id = userId
  if (clientType) params.client_type = clientType
  if (ipAddress) params.ip_address = ipAddress
  return params
}
