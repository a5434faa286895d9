import type { Simulator } from '../../lib/simulator'
import type { Batch } from './batch'
import { createCredits } from './credits'
import type { Exchange } from './house'
import { FalsePass, type Issued } from './issued'
import { createLedger } from './ledger'
import { downtimeOf, sceneOf, USES, type Scene } from './scenes'
import type { Tally } from './tally'
import type { Cloud } from './upstream'

export interface JudgeParts {
  readonly simulator: Simulator
  readonly cloud: Cloud
  readonly batch: Batch
  readonly store: { readonly failures: number }
  readonly now: () => number
  readonly tally: Tally
}

/** What an outage gave out is good for so long after it. */
const AFTER_OUTAGE_MS = 120_000
/** Half of what a session may hold of an outage: some may come in the same breath. */
const FEW = 2

/** Judges what the site did by the books of the simulator and by what the site gave out, never by what the plugin says. */
export function createJudge({ simulator, cloud, batch, store, now, tally }: JudgeParts) {
  const { setup, cloud: plan, storeFails } = batch
  const { weather } = plan
  const ledger = createLedger(simulator, setup, now, () => cloud.sky.loads)
  const credits = createCredits(now)

  /** No 5xx but a 503 where the cloud or the store was made to fail. */
  function checkStatus(exchange: Exchange): void {
    const { path, status, text, fields } = exchange
    if (status < 500) return
    const code = codeOf(text)
    const { version } = setup.scenes[sceneOf(path)]
    const about = String(version === 3 ? fields.geetest_challenge : fields.lot_number).slice(0, 32)
    const ofCloud = code !== 'store_error' && (plan.hangs || cloud.spoiled.has(about))
    const ofStore = code !== 'unavailable' && store.failures > 0
    if (status === 503 && version === 4 && code === 'unavailable') ledger.bind(exchange)
    if (status === 503 && (ofCloud || ofStore)) return
    tally.own5xx += 1
    throw new Error(`${path} answered ${status} ${text}`)
  }

  /** Whether the cloud is sure to do its part for the right answer to it; asked to come less often, a site may put that off. */
  function isServed({ online, at, session }: Issued): boolean {
    if (plan.faults.length > 0) return false
    if (online) return weather?.kind !== 'half' || weather.endpoint !== 'validate' || !cloud.sky.lasts
    // In an outage a session's oldest make room for its newest; two minutes after one, all of them are too old.
    const held = ledger.issued().filter((one) => !one.online && one.session === session)
    return weather === undefined && held.length <= FEW && now() - at < AFTER_OUTAGE_MS
  }

  function passAnswer(exchange: Exchange, scene: Scene, uses: number): Issued {
    const ticket = ledger.pass(exchange, scene)
    credits.earn(scene, exchange.session, uses)
    tally.passed(ticket.online ? 'online' : 'downtime', ticket.version)
    return ticket
  }

  function passGuard(exchange: Exchange, { scene, strict, verdict }: NonNullable<Exchange['opened']>): void {
    if (verdict?.via === 'answer') {
      const { online } = passAnswer(exchange, scene, USES[scene] - 1)
      if (strict && !online) throw new FalsePass('a strict guard let a downtime answer through')
    } else if (verdict?.via === 'pass') {
      credits.spend(scene, exchange.session, exchange.came)
      tally.passed('pass', setup.scenes[scene].version)
    } else throw new FalsePass('the guard let a request through without a verdict')
  }

  /** From here on the cloud says yes again to what it has said yes to: that an answer passes once is the site's own promise. */
  function forgetYeses(): void {
    for (const one of [...simulator.events, ...simulator.lots]) one.redeemed = false
  }

  function judge(exchange: Exchange): void {
    const { path, status, text, opened } = exchange
    const scene = sceneOf(path)
    checkStatus(exchange)
    if (opened) passGuard(exchange, opened)
    else if (status === 200 && text.startsWith('{"success":')) ledger.issue(exchange, scene)
    else if (text === 'success' || text === '{"result":"success"}') passAnswer(exchange, scene, USES[scene])
    else tally.denied(codeOf(text))
  }

  return {
    issued: ledger.issued,
    mayPass: credits.has,
    /** Whether the right answer to it must pass: it is young enough, and nothing is set up to stand in its way. */
    mayAnswer: (one: Issued): boolean =>
      one.session !== '' &&
      // Where the clock goes on meanwhile, what is nearly too old may be so when it comes.
      ledger.isYoung(one, now() + (weather === undefined ? 0 : 60_000)) &&
      isServed(one) &&
      storeFails.length === 0 &&
      (one.online || downtimeOf(setup, one.scene) === 'light'),
    /** Judges everything that was answered in one wave. */
    wave(seen: readonly Exchange[]): void {
      try {
        seen.forEach(judge)
        credits.settle()
        forgetYeses()
      } catch (error) {
        if (error instanceof FalsePass) tally.falsePasses += 1
        throw error
      }
    },
  }
}
export type Judge = ReturnType<typeof createJudge>

/** The code of a denial, as far as the answer names it. */
function codeOf(text: string): string {
  const code = /"code":"(\w+)"/.exec(text)?.[1]
  return code ?? (text === 'fail' ? 'fail' : 'none')
}
