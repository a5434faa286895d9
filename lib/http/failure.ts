import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { STALLED, TIMED_OUT } from './deadline'

/** Why a call brought no reply. `busy`: because of this machine, so that nobody knows how the other side is. */
export type Failure = 'timeout' | 'network' | 'busy'

/**
 * A call without a reply. `late`: it was sent, but this process had no time for it; whoever asks with more patience finds out.
 */
export interface Failed {
  readonly failed: Failure
  readonly late?: true
}

/** By a member of its own: what all objects have inherited makes no reply a failure. */
export const isFailed = (reply: object): reply is Failed => Object.hasOwn(reply, 'failed')

/** This machine has run out of descriptors, buffers or memory: nothing was sent. */
const USED_UP = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOBUFS', 'ENOMEM']
/** The other side has spoken, if only to say no. */
const SPOKEN = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE']
const TOO_LATE = ['ETIMEDOUT', 'ECONNABORTED']
/** From so many milliseconds on, a limit within a call (250 ms for each of a name's addresses) rings too early. */
const LATE_MS = 50

/**
 * @param error what a call ended with
 * @param taken milliseconds of it in which this process itself was late
 */
export function failureOf(error: unknown, taken: number): Failed {
  const codes = reasonsOf(error).map(codeOf)
  const one = (of: readonly string[]): boolean => codes.some((code) => of.includes(code))
  if (one([TIMED_OUT])) return { failed: 'timeout' }
  if (one(SPOKEN)) return { failed: 'network' }
  // Out of ports is one of several addresses often enough: of a family that this machine does not have.
  if (one(USED_UP) || codes.every((code) => code === 'EADDRNOTAVAIL')) return { failed: 'busy' }
  if (one([STALLED]) || (one(TOO_LATE) && taken >= LATE_MS)) return { failed: 'busy', late: true }
  if (one(TOO_LATE)) return { failed: 'timeout' }
  return { failed: codes.some(isAboutNames) && !hasDescriptors() ? 'busy' : 'network' }
}

/** Of a name with several addresses each has an error of its own; and many wrap the one that they got. */
function reasonsOf(error: unknown, depth = 0): unknown[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [error]
  const { errors, cause } = error as { errors?: unknown; cause?: unknown }
  if (Array.isArray(errors) && errors.length > 0) return errors.flatMap((one) => reasonsOf(one, depth + 1))
  return cause instanceof Error ? reasonsOf(cause, depth + 1) : [error]
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** A resolver that cannot open its own files and sockets says that there is no such name, or to try again. */
const isAboutNames = (code: string): boolean => code === 'ENOTFOUND' || code.startsWith('EAI_')

function hasDescriptors(): boolean {
  try {
    closeSync(openSync(devNull, 'r'))
    return true
  } catch {
    return false
  }
}
