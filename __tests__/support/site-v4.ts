import type { Effects, GeetestOptions, GuardOptions } from '../../lib'
import type { AnswerFieldsV4, Simulator } from '../../lib/simulator'
import { credentials, site } from './site'
import { work } from './work'

/** What it takes to guard version 4 with a simulator. */
export const credentials4 = (simulator: Simulator) => ({ ...credentials(simulator), version: 4 as const })

/** A site whose `POST /login` is guarded with version 4. */
export const site4 = (
  simulator: Simulator,
  options: Partial<GeetestOptions> = {},
  effects?: Partial<Effects>,
  guard?: GuardOptions,
) => site({ ...credentials4(simulator), ...options }, effects, guard)

/** What the downtime widget hands over under the names of version 4. */
export function work4(challenge: string, captchaId: string): AnswerFieldsV4 {
  const { geetest_validate } = work(challenge)
  return {
    captcha_id: captchaId,
    lot_number: challenge.slice(0, 32),
    captcha_output: geetest_validate,
    pass_token: challenge,
    gen_time: '1700000000',
  }
}
