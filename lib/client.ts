import { createCloud, isLost, type Cloud, type Visitor } from './cloud'
import { mayBeSigned } from './digest'
import { localChallenge } from './downtime'
import { failback, solvesFailback } from './downtime/failback'
import { axiosSender, type Send } from './http'
import { randomBytes } from './random'
import { resolveCloud, type CloudOptions, type CloudSettings } from './options'

/** What goes to the page, by the protocol's names (protocol 1.3). */
export interface RegisterResponse {
  /** 1: the cloud registered the challenge. 0: downtime mode. */
  readonly success: 0 | 1
  readonly gt: string
  readonly challenge: string
  readonly new_captcha: boolean
}

/**
 * The seed's SDK for people without Express: the three calls and nothing around them.
 *
 * Whoever uses it owns what the plugin does otherwise: keeping the status per challenge, binding it to a session, and
 * letting each answer pass once. With Express, use `geetest()`.
 */
export class GeetestClient {
  readonly #settings: CloudSettings
  readonly #cloud: Cloud

  /** @throws GeetestError `invalid_option`, naming the option, what arrived and what to write */
  constructor(options: CloudOptions) {
    this.#settings = resolveCloud('GeetestClient', options)
    const sender = (): Send => axiosSender(this.#settings.http, this.#settings.timeout)
    this.#cloud = createCloud(this.#settings, sender(), sender())
  }

  /**
   * Registers a challenge (the seed's `pre_process` and `get_response_str` in one). Never rejects because of the cloud:
   * an outage is `status` 0 with a local challenge. Keep `status` where the browser cannot reach it.
   */
  async register(visitor: Visitor = {}): Promise<{ status: 0 | 1; response: RegisterResponse }> {
    const { captchaId: gt, newCaptcha } = this.#settings
    const registration = await this.#cloud.register(visitor)
    const online = !isLost(registration)
    const status = online ? 1 : 0
    const challenge = online ? registration.challenge : localChallenge(failback(newCaptcha, randomBytes), randomBytes)
    return { status, response: { success: status, gt, challenge, new_captcha: newCaptcha } }
  }

  /**
   * The second verification while the cloud is up (the seed's `success_validate`). The local check comes first: an
   * answer that cannot be right costs no call. `unavailable`: nobody's verdict; ask again with the same three values.
   */
  async successValidate(
    challenge: string,
    validate: string,
    seccode: string,
    visitor: Visitor = {},
  ): Promise<'ok' | 'refused' | 'unavailable'> {
    if (![challenge, validate, seccode].every(isText)) return 'refused'
    if (!mayBeSigned({ challenge, validate }, this.#settings)) return 'refused'
    const judgement = await this.#cloud.validate({ challenge, validate, seccode }, visitor)
    if (isLost(judgement)) return 'unavailable'
    return judgement.verdict === 'ok' ? 'ok' : 'refused'
  }

  /**
   * The second verification in downtime (`failback_validate`; the seed's sample calls it `fail_validate`): the slide
   * rule where `newCaptcha` is false, the md5 rule where it is true. Everything malformed is false, at once.
   */
  failValidate(challenge: string, validate: string, seccode: string): boolean {
    return (
      [challenge, validate, seccode].every(isText) &&
      solvesFailback({ challenge, validate, seccode }, this.#settings.newCaptcha)
    )
  }
}

/** Text as a form field can carry it: not blank, and no longer than any captcha's. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 4096 && value.trim() !== ''
}
