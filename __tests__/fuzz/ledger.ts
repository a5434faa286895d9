import type { Simulator } from '../../lib/simulator'
import type { Setup } from './batch'
import type { Exchange } from './house'
import { FalsePass, type Issued } from './issued'
import { checking } from './proofs'
import type { Scene } from './scenes'

const LIFETIME_MS = 600_000

/** What was given out, and what of it was really solved: by the simulator's own books, or by the work that was asked for. */
/** @param loads whether pages can load a captcha of version 4 at the moment */
export function createLedger(simulator: Simulator, setup: Setup, now: () => number, loads: () => boolean) {
  const issued = new Map<string, Issued>()
  const isYoung = ({ at }: Issued, when: number): boolean => when - at < LIFETIME_MS
  const check = checking(simulator, setup)

  /** What the site gave out, it gave to one session, for one scene and ten minutes. */
  function checkHolder(ticket: Issued, { session, came }: Exchange, scene: Scene): void {
    const { challenge } = ticket
    if (ticket.session !== session) throw new FalsePass(`${challenge} was issued to another session`)
    if (ticket.scene !== scene) throw new FalsePass(`${challenge} was issued for another scene`)
    if (!isYoung(ticket, came)) throw new FalsePass(`${challenge} is too old`)
  }

  /** A lot is anybody's who posts it first, at a scene with its captcha id; whose it is then, it remains. */
  function checkFinder({ challenge, bound, captchaId }: Issued, session: string | undefined, scene: Scene): void {
    if (bound !== undefined && bound !== session) throw new FalsePass(`${challenge} was claimed by another session`)
    if (setup.scenes[scene].captchaId !== captchaId) throw new FalsePass(`${challenge} is of another captcha id`)
  }

  return {
    issued: (): Issued[] => [...issued.values()],
    isYoung,

    /** Notes what a site gave out; where it says that a page of version 4 may ask the cloud, the page does. */
    issue({ session, text }: Exchange, scene: Scene): void {
      const { success, challenge: given } = JSON.parse(text) as { success: 0 | 1; challenge: string }
      const online = success === 1
      const { version, captchaId } = setup.scenes[scene]
      if (online && version === 4 && !loads()) return
      const earned = online && version === 4 ? simulator.answerV4({ captchaId }) : undefined
      if (earned && given !== '') throw new Error(`${given} was given out, and version 4 registers nothing`)
      const challenge = earned?.lot_number ?? given
      const id = challenge.slice(0, 32)
      if (issued.has(id)) throw new Error(`${challenge} was given out twice`)
      const holder = { scene, session: String(session), at: now() }
      const one = { version, captchaId, challenge, online, ...holder, tried: false, passed: 0 }
      issued.set(id, { ...one, ...(earned && { earned }) })
    },

    /** Notes that the cloud gave no verdict on a lot: it is its poster's from then on. */
    bind({ fields, session }: Exchange): void {
      const lot = issued.get(String(fields.lot_number))
      if (lot?.online && lot.version === 4) lot.bound ??= String(session)
    },

    /** What an answer that was accepted stands for. @throws FalsePass where it stands for nothing */
    pass(exchange: Exchange, scene: Scene): Issued {
      const { fields, session } = exchange
      const { version } = setup.scenes[scene]
      const posted = version === 3 ? fields.geetest_challenge : fields.lot_number
      const ticket = typeof posted === 'string' ? issued.get(posted.slice(0, 32)) : undefined
      if (ticket === undefined) throw new FalsePass(`${String(posted)} was never issued`)
      if (ticket.version !== version) throw new FalsePass(`${String(posted)} is of version ${ticket.version}`)
      if (version === 4 && ticket.online) checkFinder(ticket, session, scene)
      else checkHolder(ticket, exchange, scene)
      if (++ticket.passed > 1) throw new FalsePass(`${ticket.challenge} passed ${ticket.passed} times`)
      check[version](ticket, fields)
      return ticket
    },
  }
}
