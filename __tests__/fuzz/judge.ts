import { md5 } from '../../lib/digest'
import { solvesSlide } from '../../lib/downtime/slide'
import type { CaptchaEvent, Simulator } from '../../lib/simulator'
import { isWorked } from '../support/work'
import type { Batch } from './cases'
import { USES, type Exchange, type Scene } from './site'
import type { Tally } from './tally'
import type { Cloud } from './upstream'

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

/** How far what was solved still reaches, at most. */
interface Credit {
  left: number
  until: number
}

export interface JudgeParts {
  readonly simulator: Simulator
  readonly cloud: Cloud
  readonly batch: Batch
  readonly store: { readonly failures: number }
  readonly now: () => number
  readonly tally: Tally
}

/** Knows what may pass from the ledger of the simulator and from what the site gave out, never from the plugin. */
export function createJudge({ simulator, cloud, batch, store, now, tally }: JudgeParts) {
  const issued = new Map<string, Issued>()
  const credits = new Map<string, Credit>()

  function noteIssue({ path, session, text }: Exchange, scene: Scene): void {
    const { success, challenge } = JSON.parse(text) as { success: 0 | 1; challenge: string }
    const made = {
      challenge,
      online: success === 1,
      scene,
      session: String(session),
      at: now(),
      tried: false,
      passed: 0,
    }
    if (issued.has(challenge.slice(0, 32))) throw new Error(`${path} gave out ${challenge} twice`)
    issued.set(challenge.slice(0, 32), made)
  }

  /** The ticket that an accepted answer stands for; throws where there is none. */
  function ticketOf({ fields, session }: Exchange, scene: Scene, events: ReadonlyMap<string, CaptchaEvent>): Issued {
    const { geetest_challenge: challenge, geetest_validate: validate } = fields
    if (typeof challenge !== 'string' || typeof validate !== 'string') throw falsePass('its answer is not three texts')
    const ticket = issued.get(challenge.slice(0, 32))
    if (ticket === undefined) throw falsePass(`${challenge} was never issued`)
    if (challenge.length - ticket.challenge.length > 2 || !challenge.startsWith(ticket.challenge))
      throw falsePass(`${challenge} is not ${ticket.challenge}`)
    if (ticket.session !== session) throw falsePass(`${challenge} was issued to another session`)
    if (ticket.scene !== scene) throw falsePass(`${challenge} was issued for another scene`)
    if (now() - ticket.at >= 600_000) throw falsePass(`${challenge} is too old`)
    if (++ticket.passed > 1) throw falsePass(`${challenge} passed ${ticket.passed} times`)
    if (ticket.online) checkLedger(events.get(ticket.challenge), challenge, validate)
    else if (!isSolvedOffline(challenge, validate)) throw falsePass(`${challenge} was not solved by ${validate}`)
    return ticket
  }

  function checkLedger(event: CaptchaEvent | undefined, challenge: string, validate: string): void {
    if (event?.solved === undefined) throw falsePass(`the ledger does not know ${challenge} as solved`)
    if (!event.redeemed) throw falsePass(`the ledger has not redeemed ${challenge}`)
    if (event.solved.challenge !== challenge || event.solved.validate !== validate)
      throw falsePass(`the ledger knows another answer to ${challenge}`)
  }

  function isSolvedOffline(challenge: string, validate: string): boolean {
    if (batch.setup.downtime === 'light') return isWorked(challenge, validate)
    if (batch.setup.downtime === 'deny') return false
    return batch.setup.newCaptcha ? md5(challenge) === validate : solvesSlide(challenge, validate)
  }

  function falsePass(why: string): Error {
    tally.falsePasses += 1
    return new Error(`a false pass: ${why}`)
  }

  /** Credits are counted by the wave, because requests of one wave are answered in no order that could be told. */
  function settle(key: string, uses: number, { earned, spent }: { earned: number; spent: number }): void {
    const before = credits.get(key)
    const left = before !== undefined && now() < before.until ? before.left : 0
    if (spent > left + earned) throw falsePass(`${spent} passes were spent, and there were at most ${left + earned}`)
    const until = earned > 0 ? now() + 120_000 : (before?.until ?? 0)
    credits.set(key, { left: Math.min(uses, left + earned - spent), until })
  }

  function checkStatus({ path, status, text, fields }: Exchange): void {
    if (status < 500) return
    const code = codeOf(text)
    const about = String(fields.geetest_challenge).slice(0, 32)
    const excused =
      status === 503 &&
      ((code !== 'store_error' && (batch.cloud.hangs || cloud.spoiled.has(about))) ||
        (code !== 'unavailable' && store.failures > 0))
    if (excused) return
    tally.own5xx += 1
    throw new Error(`${path} answered ${status} ${text}`)
  }

  return {
    issued: (): Issued[] => [...issued.values()],
    /** Whether that session may have a pass there. */
    mayPass: (scene: Scene, session: string): boolean => (credits.get(`${scene} ${session}`)?.left ?? 0) > 0,
    /** Judges everything that was answered in one wave. */
    wave(seen: readonly Exchange[]): void {
      const events = new Map(simulator.events.map((event) => [event.challenge, event]))
      const moved = new Map<string, { uses: number; earned: number; spent: number }>()
      const account = (scene: Scene, session: unknown) => {
        const key = `${scene} ${String(session)}`
        const entry = moved.get(key) ?? { uses: USES[scene], earned: 0, spent: 0 }
        moved.set(key, entry)
        return entry
      }
      for (const exchange of seen) {
        const { status, text, path, opened, session } = exchange
        const scene: Scene = path.toLowerCase().startsWith('/other') ? 'comment' : 'login'
        checkStatus(exchange)
        if (status === 200 && text.startsWith('{"success":')) noteIssue(exchange, scene)
        else if (opened) {
          const { verdict, strict } = opened
          if (verdict?.via === 'answer') {
            const { online } = ticketOf(exchange, opened.scene, events)
            if (strict && !online) throw falsePass('a strict guard let a downtime answer through')
            account(opened.scene, session).earned += USES[opened.scene] - 1
            tally.passed(online ? 'online' : 'downtime')
          } else if (verdict?.via === 'pass') {
            account(opened.scene, session).spent += 1
            tally.passed('pass')
          } else throw falsePass('the guard let a request through without a verdict')
        } else if (text === 'success' || text === '{"result":"success"}') {
          const { online } = ticketOf(exchange, scene, events)
          account(scene, session).earned += USES[scene]
          tally.passed(online ? 'online' : 'downtime')
        } else tally.denied(codeOf(text))
      }
      for (const [key, { uses, ...sums }] of moved) settle(key, uses, sums)
    },
  }
}
export type Judge = ReturnType<typeof createJudge>

/** The code of a denial, as far as the answer names it. */
function codeOf(text: string): string {
  const code = /"code":"(\w+)"/.exec(text)?.[1]
  return code ?? (text === 'fail' ? 'fail' : 'none')
}
