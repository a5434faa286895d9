import type { Fault, Simulator } from '../../lib/simulator'
import { until } from './world'

/** Milliseconds that a call may take, as by default: where timers have stopped, only a test lets them pass. */
export const DEADLINE = 1_500

/** Faults that leave whoever asks without an answer. */
const SILENT: ReadonlySet<string> = new Set<Fault>(['hang', 'slow', 'drip'])
export const isSilent = (fault: Fault | 'none'): boolean => SILENT.has(fault)

/** What a clock is besides timers; all of it stays as it is. */
const REAL = [
  'Date',
  'hrtime',
  'nextTick',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const

/**
 * From now on, timers ring when the tests of this file say so: a deadline passes in no time, and never because the machine is
 * busy.
 */
export function stopTimers(): void {
  beforeAll(() => void jest.useFakeTimers({ doNotFake: [...REAL] }))
  afterAll(() => void jest.useRealTimers())
}

/** Lets every deadline pass that runs at this moment. */
export const passDeadline = (): void => jest.advanceTimersByTime(DEADLINE)

/**
 * Asks something of a site whose cloud has this fault, and lets the deadlines of calls to the cloud pass where it leaves them
 * without an answer: the visitor's own, and looks of the plugin's.
 */
export async function outwait<T>(simulator: Simulator, fault: Fault | 'none', ask: () => PromiseLike<T>): Promise<T> {
  let seen = simulator.calls.length
  let over = false
  const reply = Promise.resolve(ask()).finally(() => {
    over = true
  })
  while (isSilent(fault) && !over) {
    await until(() => over || simulator.calls.length > seen)
    seen = simulator.calls.length
    if (!over) passDeadline()
  }
  return reply
}
