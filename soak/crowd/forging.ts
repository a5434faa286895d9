import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { AnswerFields } from 'express-geetest/simulator'
import { nonce } from '../../__tests__/support/work'
import type { Issued, Visitor } from './visitor'

const hex = (): string => randomBytes(16).toString('hex')
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const fieldsOf = (geetest_challenge: string, validate: string): AnswerFields => ({
  geetest_challenge,
  geetest_validate: validate,
  geetest_seccode: `${validate}|jordan`,
})

/** How a wrong answer is denied: in the words of the mode that its challenge was issued in. */
const WRONG = ['bad_signature', 'downtime_unsolved'] as const

type Forgery = (visitor: Visitor, issued: Issued) => Promise<unknown>

/** Right shape, wrong validate: any other, the digest of the vendor's offline rule, or work with a gap in it. */
function wrongValidate(visitor: Visitor, { challenge, online }: Issued): Promise<unknown> {
  const almost = (): string => Array.from({ length: 32 }, (_, i) => nonce(challenge, i, i !== 5)).join('.')
  const validates = [hex, () => md5(challenge), online ? hex : almost]
  const validate = (validates[randomInt(validates.length)] as () => string)()
  return visitor.post({ to: '/login', fields: fieldsOf(challenge, validate) }, ...WRONG)
}

/** A challenge that nobody issued, of either kind. */
function madeUp(visitor: Visitor, { challenge }: Issued): Promise<unknown> {
  const fields = fieldsOf(hex() + challenge.slice(32), hex())
  return visitor.post({ to: randomInt(2) ? '/login' : '/validate', fields }, 'unknown_challenge')
}

/** The answer to another challenge of one's own. */
async function anothers(visitor: Visitor, { challenge }: Issued): Promise<unknown> {
  const other = await visitor.fetch()
  if (other === undefined) return
  return visitor.post({ to: '/login', fields: { ...visitor.solve(other), geetest_challenge: challenge } }, ...WRONG)
}

/** A right validate that was never earned, with the seccode of another. */
async function borrowed(visitor: Visitor, issued: Issued): Promise<unknown> {
  const other = await visitor.fetch()
  if (other === undefined || !issued.online || !other.online) return
  const { geetest_seccode } = visitor.solve(other)
  const fields = { ...visitor.solve(issued), geetest_seccode }
  return visitor.post({ to: '/login', fields }, 'malformed')
}

const FORGERIES: readonly Forgery[] = [wrongValidate, wrongValidate, madeUp, anothers, borrowed]

export async function forging(visitor: Visitor): Promise<void> {
  const issued = await visitor.fetch()
  if (issued) await FORGERIES[randomInt(FORGERIES.length)]?.(visitor, issued)
}

const FLOOD = 20

/** One address that forges all the time: in downtime its budget ends. */
export async function flooding(visitor: Visitor): Promise<void> {
  for (let i = 0; i < FLOOD; i++) {
    await visitor.post({ to: '/login', fields: fieldsOf(hex(), hex()) }, 'unknown_challenge', 'downtime_denied')
  }
}
