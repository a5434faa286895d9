import * as fc from 'fast-check'
import type { Tally } from './tally'

/** Where a run begins. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)
/** Half of what is asked for, because Express 4 and 5 share it. */
export const CASES = Number(process.env.FUZZ_CASES ?? 100_000) / 2

/** Where in one round a failure lies, behind the name of its run: `npm run fuzz` says so when it finds one. */
const [, RUN, PATH] = /^(?:([a-z]+)\/)?(.+)$/.exec(process.env.FUZZ_PATH ?? '') ?? []

/** So long a round may take with all its shrinking, in milliseconds; what was found by then is reported. */
const LIMIT = 180_000

export interface Rounds<T> {
  /** A word; the main run has none. */
  readonly name?: string
  readonly batches: fc.Arbitrary<T>
  /** Batches that share one seed. */
  readonly size: number
  /** Where they live: as many rounds at once (a failure that is run again lives in each), so that somebody works while others wait for a cloud that hangs. */
  readonly lanes: readonly ((batch: T) => Promise<void>)[]
  readonly cases: number
  readonly tally: Tally
}

/** Whether one failure alone is run again. */
export const isRunAlone = (): boolean => PATH !== undefined

/** One round in one place. @throws what broke, with the way to run it again */
async function round<T>({ name, batches, size }: Rounds<T>, live: (batch: T) => Promise<void>, seed: number) {
  const found = await fc.check(fc.asyncProperty(batches, live), {
    seed,
    numRuns: size,
    interruptAfterTimeLimit: LIMIT,
    ...(PATH !== undefined && { path: PATH }),
  })
  // A round that took too long found nothing yet.
  if (found.counterexample === null) return
  const where = name === undefined ? found.counterexamplePath : `${name}/${found.counterexamplePath}`
  const again = `FUZZ_SEED=${seed} FUZZ_PATH=${where} npm run fuzz`
  const why = `${String(found.errorInstance)}\nAgain: ${again}\n\n${fc.defaultReportMessage(found) ?? ''}`
  throw new Error(why, { cause: found.errorInstance })
}

/** Rounds of one seed after another, in all places, until there were enough cases or something broke; none where another run's failure is meant. */
export async function runRounds<T>(rounds: Rounds<T>): Promise<void> {
  const { name, lanes, cases, tally } = rounds
  if (isRunAlone() && RUN !== name) return
  let next = SEED
  let broke = false
  const over = (): boolean => broke || isRunAlone() || tally.cases >= cases
  const all = lanes.map(async (live) => {
    do {
      await round(rounds, live, next++).catch((error: unknown) => {
        broke = true
        throw error
      })
    } while (!over())
  })
  const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected')
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
}

/** A run, with its summary; what nobody catches meanwhile counts as a crash. @returns that */
export async function report<T>(rounds: Rounds<T>): Promise<readonly unknown[]> {
  const { name = 'fuzz', tally } = rounds
  const begin = performance.now()
  const mishaps: unknown[] = []
  const note = (error: unknown): void => void mishaps.push(error)
  process.on('unhandledRejection', note).on('uncaughtException', note)
  try {
    await runRounds(rounds)
  } finally {
    process.off('unhandledRejection', note).off('uncaughtException', note)
  }
  tally.crashes = mishaps.length
  process.stdout.write(`${name} from seed ${SEED}: ${tally.summary((performance.now() - begin) / 1000)}\n`)
  return mishaps
}
