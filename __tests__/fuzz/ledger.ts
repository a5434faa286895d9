import { md5 } from '../../lib/digest'
import { solvesSlide } from '../../lib/downtime/slide'
import type { CaptchaEvent, Simulator } from '../../lib/simulator'
import { isWorked } from '../support/work'
import type { Setup } from './batch'
import type { Exchange, Scene } from './house'

/** A challenge that the site gave out, and to whom. */
export interface Issued {
  readonly challenge: string
  readonly online: boolean
  readonly scene: Scene
  readonly session: string
  readonly at: number
  /** Whether a visitor has answered it already, in whatever way. */
  tried: boolean
  passed: number
}

/** A request came through that should not have. */
export class FalsePass extends Error {
  override readonly name = 'a false pass'
}

const LIFETIME_MS = 600_000

/** What was given out, and what of it was really solved: by the simulator's own books, or by the work that was asked for. */
export function createLedger(simulator: Simulator, setup: Setup, now: () => number) {
  const issued = new Map<string, Issued>()

  function checkOnline({ challenge }: Issued, posted: string, validate: string): void {
    const event: CaptchaEvent | undefined = simulator.events.find((one) => one.challenge === challenge)
    if (event?.solved === undefined) throw new FalsePass(`the ledger does not know ${challenge} as solved`)
    if (!event.redeemed) throw new FalsePass(`the ledger has not redeemed ${challenge}`)
    if (event.solved.challenge !== posted || event.solved.validate !== validate)
      throw new FalsePass(`the ledger knows another answer to ${challenge}`)
  }

  function isSolvedOffline(challenge: string, validate: string): boolean {
    if (setup.downtime === 'light') return isWorked(challenge, validate)
    if (setup.downtime === 'deny') return false
    return setup.newCaptcha ? md5(challenge) === validate : solvesSlide(challenge, validate)
  }

  return {
    issued: (): Issued[] => [...issued.values()],
    isYoung: ({ at }: Issued): boolean => now() - at < LIFETIME_MS,

    /** Notes what a site gave out. */
    issue({ session, text }: Exchange, scene: Scene): void {
      const { success, challenge } = JSON.parse(text) as { success: 0 | 1; challenge: string }
      const id = challenge.slice(0, 32)
      if (issued.has(id)) throw new Error(`${challenge} was given out twice`)
      const online = success === 1
      issued.set(id, { challenge, online, scene, session: String(session), at: now(), tried: false, passed: 0 })
    },

    /** What an answer that was accepted stands for. @throws FalsePass where it stands for nothing */
    pass({ fields, session }: Exchange, scene: Scene): Issued {
      const { geetest_challenge: posted, geetest_validate: validate } = fields
      if (typeof posted !== 'string' || typeof validate !== 'string')
        throw new FalsePass('the answer is not three texts')
      const ticket = issued.get(posted.slice(0, 32))
      if (ticket === undefined) throw new FalsePass(`${posted} was never issued`)
      const { challenge, at } = ticket
      if (!posted.startsWith(challenge) || posted.length > challenge.length + 2)
        throw new FalsePass(`${posted} is not ${challenge}`)
      if (ticket.session !== session) throw new FalsePass(`${challenge} was issued to another session`)
      if (ticket.scene !== scene) throw new FalsePass(`${challenge} was issued for another scene`)
      if (now() - at >= LIFETIME_MS) throw new FalsePass(`${challenge} is too old`)
      if (++ticket.passed > 1) throw new FalsePass(`${challenge} passed ${ticket.passed} times`)
      if (ticket.online) checkOnline(ticket, posted, validate)
      else if (!isSolvedOffline(posted, validate)) throw new FalsePass(`${posted} was not solved by ${validate}`)
      return ticket
    },
  }
}
