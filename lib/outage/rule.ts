/** When is an endpoint down, and when is it back? Numbers and two small rules; the machine that uses them is elsewhere. */

/** How one upstream call ended: `undefined` for an answer, else why there was none. */
export type Outcome = string | undefined

/** A call that ended lately. */
export interface Observation {
  readonly at: number
  readonly cause: Outcome
  /** Somebody else had a hand in it: what it brought says nothing for certain, and a look of our own has to. */
  readonly doubtful?: boolean
}

/** Only calls of the last ten seconds say anything about now. */
const WINDOW_MS = 10_000
/** One lost call, or two, degrade their own visitors and nobody else. */
const QUORUM = 3
/** That share of the recent calls must have failed. */
const SHARE = 0.5
/** So many surely lost in a row, and none that was answered since, say more of now than ten seconds do of which most were good. */
const IN_A_ROW = 8
/** So many in a row are enough for a node that hears the same from another. */
const IN_A_ROW_TOGETHER = 3
/** Enough to judge by, and a bound on memory under any load. */
const MOST_OBSERVATIONS = 100

/** So many good probes in a row bring an endpoint back; one could be luck. */
export const GOOD_PROBES = 2
/** At most one probe in that time, in milliseconds. */
export const PROBE_EVERY_MS = 5_000
/** While it counts as up, looks of our own that found nothing good are so far apart; one that did is good for as long. */
export const LOOK_EVERY_MS = 1_000

/** What is still worth remembering, with the newest added. */
export function remember(seen: readonly Observation[], newest: Observation): readonly Observation[] {
  const first = seen.findIndex(({ at }) => newest.at - at < WINDOW_MS)
  const kept = first === -1 ? [] : seen.slice(Math.max(first, seen.length + 1 - MOST_OBSERVATIONS))
  kept.push(newest)
  return kept
}

const recent = (seen: readonly Observation[], now: number): readonly Observation[] =>
  seen.filter(({ at }) => now - at < WINDOW_MS)

/** The calls by which the cloud is judged now: those of the last ten seconds, the last hundred at most. */
export interface CallWindow {
  readonly calls: number
  /** Those of them that brought no answer. */
  readonly lost: number
}

export function windowOf(seen: readonly Observation[], now: number): CallWindow {
  const within = recent(seen, now)
  return { calls: within.length, lost: within.filter(isLost).length }
}

const isLost = ({ cause }: Observation): boolean => cause !== undefined
const isMostlyLost = (seen: readonly Observation[]): boolean => seen.filter(isLost).length >= seen.length * SHARE

const isSure = ({ cause, doubtful }: Observation): boolean => cause !== undefined && !doubtful

/** Whether visitors' calls, the newest last and surely lost, mean an outage by themselves. */
export function isOutage(calls: readonly Observation[]): boolean {
  const surely = calls.filter(isSure)
  return (surely.length >= QUORUM && isMostlyLost(calls)) || lostInARow(calls) >= IN_A_ROW
}

/** Whether a node's own calls bear out what another says: that node need not wait for a look of its own. */
export const bearsOut = (calls: readonly Observation[], now: number): boolean =>
  lostInARow(recent(calls, now)) >= IN_A_ROW_TOGETHER

/** Those that were surely lost since the last that was answered. */
function lostInARow(calls: readonly Observation[]): number {
  const lastGood = calls.findLastIndex(({ cause }) => cause === undefined)
  return calls.slice(lastGood + 1).filter(isSure).length
}

/** Whether looks of our own, the newest last and lost, mean an outage. Visitors whose calls are answered know better. */
export function isConfirmed(looks: readonly Observation[], calls: readonly Observation[], now: number): boolean {
  return looks.filter(isLost).length >= QUORUM && isMostlyLost(looks) && isMostlyLost(recent(calls, now))
}
