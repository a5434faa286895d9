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

/** What the widget's `validate` must be for a challenge (protocol 1.6); md5 under every digestmod. */
export function signValidate(challenge: string, privateKey: string): string {
  return md5(`${privateKey}geetest${challenge}`)
}

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
