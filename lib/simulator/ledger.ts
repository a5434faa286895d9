import { deriveChallenge, digestMods, signValidate, type DigestMod } from '../digest'
import { createShelf } from './shelf'

/** One registered challenge and what became of it. */
export interface CaptchaEvent {
  readonly gt: string
  /** What the site shows its visitors: the derived challenge. */
  readonly challenge: string
  readonly userId: string
  readonly clientType: string
  readonly ipAddress: string
  /** When it was registered, in ms since 1970. */
  readonly registered: number
  /** The answer that was earned, if somebody solved the puzzle. */
  solved?: { readonly challenge: string; readonly validate: string; readonly seccode: string }
  /** Whether validate.php has said yes to it; it says so once. */
  redeemed: boolean
  /** The challenge that reset.php has given for this one, which is worth nothing any more. */
  next?: string
}

/** What reset.php gives: another challenge, which no site has seen, or the same one again. */
export const resets = ['another', 'same'] as const
export type Reset = (typeof resets)[number]

/** Everything the cloud knows: its accounts, and the captcha events of the last ten minutes. */
export interface Ledger {
  readonly events: readonly CaptchaEvent[]
  /** A new origin challenge for a known captcha id; `undefined` for an unknown one. */
  register(params: Readonly<Record<string, string>>): string | undefined
  /** The live event of a challenge, however many characters the widget appended. */
  find(challenge: string): CaptchaEvent | undefined
  /** Marks an event as solved under the challenge that the widget ended with. */
  solve(event: CaptchaEvent, challenge: string): NonNullable<CaptchaEvent['solved']>
  /** The unsolved event that the visitor goes on with; an answer that was earned before is worth nothing any more. */
  reset(event: CaptchaEvent): CaptchaEvent
  /**
   * The verdict of validate.php: once, in time, for a solved event, and only if everything else sent agrees.
   * @param counts whether a yes uses the answer up
   */
  redeem(params: Readonly<Record<string, string>>, counts: boolean): boolean
}

export interface LedgerParts {
  /** Captcha ids and their private keys. */
  readonly accounts: ReadonlyMap<string, string>
  readonly now: () => number
  readonly random: (size: number) => Buffer
  readonly resetGives: Reset
}

/** What an SDK may leave out must agree where it is sent (protocol 1.4). */
const agrees = (sent: string | undefined, known: string): boolean => !sent || sent === known

export function createLedger({ accounts, now, random, resetGives }: LedgerParts): Ledger {
  const bySeccode = new Map<string, CaptchaEvent>()
  const shelf = createShelf<CaptchaEvent>({
    now,
    bornAt: ({ registered }) => registered,
    onForget: ({ solved }) => solved && bySeccode.delete(solved.seccode),
  })

  return {
    get events() {
      return shelf.items
    },

    register({ gt = '', digestmod = 'md5', user_id = '', client_type = '', ip_address, ip_adress = '' }) {
      const key = accounts.get(gt)
      if (key === undefined) return undefined
      const origin = random(16).toString('hex')
      // An unknown digestmod counts as md5, as the vendor's SDKs have it (protocol 1.2).
      const mod = digestMods.find((known) => known === digestmod) ?? ('md5' satisfies DigestMod)
      const challenge = deriveChallenge(origin, key, mod)
      const visitor = { userId: user_id, clientType: client_type, ipAddress: ip_address ?? ip_adress }
      shelf.put(challenge.slice(0, 32), { gt, challenge, ...visitor, registered: now(), redeemed: false })
      return origin
    },

    find(challenge) {
      const event = shelf.get(challenge.slice(0, 32))
      return shelf.isAlive(event) && !event.next && challenge.startsWith(event.challenge) ? event : undefined
    },

    solve(event, challenge) {
      const validate = signValidate(challenge, accounts.get(event.gt) as string)
      const solved = { challenge, validate, seccode: `${validate}|jordan` }
      event.solved = solved
      bySeccode.set(solved.seccode, event)
      return solved
    },

    reset(event) {
      if (event.solved) bySeccode.delete(event.solved.seccode)
      if (resetGives === 'same') {
        delete event.solved
        event.redeemed = false
        return event
      }
      const { gt, userId, clientType, ipAddress } = event
      const challenge = random(event.challenge.length / 2).toString('hex')
      const next = { gt, challenge, userId, clientType, ipAddress, registered: now(), redeemed: false }
      event.next = challenge
      shelf.put(challenge.slice(0, 32), next)
      return next
    },

    redeem({ seccode = '', challenge, captchaid, gt }, counts) {
      const event = bySeccode.get(seccode)
      if (!shelf.isAlive(event) || event.redeemed || event.solved === undefined) return false
      if (!agrees(challenge, event.solved.challenge) || !agrees(captchaid, event.gt) || !agrees(gt, event.gt))
        return false
      event.redeemed = counts
      return true
    },
  }
}
