import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

/** How the cloud's account digests challenges (protocol 1.2). `md5` is what every account has unless switched by the vendor. */
export const digestMods = ['md5', 'sha256', 'hmac-sha256'] as const
export type DigestMod = (typeof digestMods)[number]

export const md5 = (text: string): string => hash('md5', text)
export const sha256 = (text: string): string => hash('sha256', text)

/**
 * The challenge that goes to the browser, from the one that register.php answered (protocol 1.2).
 * `hmac-sha256` takes the key as HMAC key and the origin alone as message, as the vendor's own SDKs do.
 */
export function deriveChallenge(origin: string, privateKey: string, mod: DigestMod): string {
  switch (mod) {
    case 'md5':
      return md5(origin + privateKey)
    case 'sha256':
      return sha256(origin + privateKey)
    case 'hmac-sha256':
      return createHmac('sha256', privateKey).update(origin).digest('hex')
  }
}

/** What the widget's `validate` must be for a challenge of an md5 account (protocol 1.6). */
export function signValidate(challenge: string, privateKey: string): string {
  return md5(signedText(challenge, privateKey))
}

const signedText = (challenge: string, privateKey: string): string => `${privateKey}geetest${challenge}`

/** An account's key, and how the vendor has set it up. */
export interface Account {
  readonly privateKey: string
  readonly digest: DigestMod
}

interface Signed {
  readonly challenge: string
  readonly validate: string
}

/**
 * The digests of a text that an account's cloud may write: md5, and the account's own. What it writes under `sha256` and `hmac-sha256` is
 * documented nowhere; the official SDKs compute either (protocol 1.2).
 */
function digestsOf(text: string, { privateKey, digest }: Account): string[] {
  if (digest === 'md5') return [md5(text)]
  const own = digest === 'sha256' ? sha256(text) : createHmac('sha256', privateKey).update(text).digest('hex')
  return [md5(text), own]
}

const isOneOf = (texts: readonly string[], text: string): boolean => texts.some((one) => equalText(one, text))

/** Whether that validate was written by somebody who has the account's key: the cloud, or this site. */
export const isSigned = ({ challenge, validate }: Signed, account: Account): boolean =>
  isOneOf(digestsOf(signedText(challenge, account.privateKey), account), validate)

/** An md5, or a sha256. */
const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i

/**
 * Whether the cloud may have written that validate: of an md5 account it is known, of others only what cannot be a digest is told from
 * what can. Nothing is refused that the cloud would accept.
 */
export const mayBeSigned = (answer: Signed, account: Account): boolean =>
  account.digest === 'md5' ? isSigned(answer, account) : DIGEST.test(answer.validate)

/** Whether that is how the account's cloud says yes to a seccode (protocol 1.4). */
export const isYesTo = (seccode: string, reply: string, account: Account): boolean =>
  isOneOf(digestsOf(seccode, account), reply)

/** Version 4's `sign_token`: proves to the cloud that whoever asks about a lot number holds the key of its captcha id. */
export const signLot = (lotNumber: string, captchaKey: string): string =>
  createHmac('sha256', captchaKey).update(lotNumber).digest('hex')

/** A key of its own for each purpose: what is signed under one means nothing under another. All nodes derive the same. */
export const deriveKey = (privateKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', privateKey, 'express-geetest', purpose, 32))

/** Compares two texts in constant time; texts of unequal length are unequal. */
export function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
