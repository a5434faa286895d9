import { createHash } from 'node:crypto'
import type { Reply } from './faults'
import type { Ledger } from './ledger'
import type { SimulatedRequest } from './request'

type Params = SimulatedRequest['params']

const json = (value: object): Reply => ({ status: 200, type: 'application/json', body: JSON.stringify(value) })
// Bare text, no newline: old SDKs compare the body as a whole (protocol 7.1).
const text = (body: string): Reply => ({ status: 200, type: 'text/plain', body })

const wantsJson = ({ json_format }: Params): boolean => json_format === '1'

/** GET /register.php (protocol 1.1): an origin challenge, `0` for an unknown id, 403 for what cannot be an id. */
export function register(ledger: Ledger, params: Params): Reply {
  if (params.gt?.length !== 32) return { status: 403, type: 'text/plain', body: 'forbidden' }
  const origin = ledger.register(params) ?? '0'
  return wantsJson(params) ? json({ challenge: origin }) : text(origin)
}

/** POST /validate.php (protocol 1.4): md5 of the seccode for yes, `false` for no. `counts`: yes is said once. */
export function validate(ledger: Ledger, params: Params, counts: boolean): Reply {
  const passed = ledger.redeem(params, counts)
  const seccode = passed
    ? createHash('md5')
        .update(params.seccode as string, 'utf8')
        .digest('hex')
    : 'false'
  return wantsJson(params) ? json({ seccode }) : text(seccode)
}

/** /v1/bypass_status.php (protocol 1.7): up, as far as the vendor is concerned, until a fault says otherwise. */
export function bypassStatus(): Reply {
  return json({ status: 'success' })
}
