import { signLot } from '../../digest'
import type { Reply } from '../faults'
import { idError, vendorError, type VendorError } from './errors'
import { lotOfOutput, type Lot, type Lots } from './lots'

type Params = Readonly<Record<string, string>>

/** A refusal in words: of an answer, not of a request. */
interface Refusal {
  readonly reason: 'pass_token expire' | 'pass_token error' | 'sign_token error'
}

/** GET or POST /validate of version 4, over the lots and the keys of the accounts (protocol 6.1). */
export function createServerApi(lots: Lots, accounts: ReadonlyMap<string, string>) {
  /** What is wrong with the request itself, whoever's it is. */
  function requestError({ captcha_id, lot_number, captcha_output, gen_time = '' }: Params): VendorError | undefined {
    const wrongId = idError(captcha_id, (id) => accounts.has(id))
    if (wrongId) return wrongId
    if (!lot_number) return vendorError('-50302')
    if (!captcha_output) return vendorError('-50301')
    return /^\d+$/.test(gen_time) ? undefined : vendorError('-50005')
  }

  function judge(params: Params): Lot | Refusal | VendorError {
    const error = requestError(params)
    if (error) return error
    const { captcha_id = '', lot_number = '', captcha_output = '', pass_token, gen_time, sign_token } = params
    if (sign_token !== signLot(lot_number, accounts.get(captcha_id) as string)) return { reason: 'sign_token error' }
    const lot = lots.find(lot_number)
    if (lot === undefined) return vendorError('-50303')
    // Mostly a page and a server with different ids.
    if (lot.captchaId !== captcha_id || lot.solved?.pass_token !== pass_token) return { reason: 'pass_token error' }
    if (!lots.isAlive(lot)) return { reason: 'pass_token expire' }
    const origin = lotOfOutput(captcha_output)
    if (origin === undefined) return vendorError('-50002')
    if (lot.solved?.captcha_output !== captcha_output || lot.solved.gen_time !== gen_time) return vendorError('-50304')
    return lot.redeemed ? vendorError('-50003') : lot
  }

  return {
    /** @param counts whether a yes uses the lot up */
    validate(params: Params, counts: boolean): Reply {
      const judged = judge(params)
      if ('code' in judged) return json(judged)
      if ('lotNumber' in judged) judged.redeemed = counts
      const reason = 'reason' in judged ? judged.reason : ''
      return json({
        status: 'success',
        result: reason ? 'fail' : 'success',
        reason,
        captcha_args: {
          used_type: 'slide',
          user_ip: '127.0.0.1',
          lot_number: params.lot_number,
          scene: '',
          referer: '',
        },
      })
    },
  }
}

const json = (value: object): Reply => ({ status: 200, type: 'application/json', body: JSON.stringify(value) })
