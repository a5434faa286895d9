import { ALONE, type Exchange } from './exchange'
import {
  bearsOut,
  GOOD_PROBES,
  isConfirmed,
  isOutage,
  LOOK_EVERY_MS,
  PROBE_EVERY_MS,
  remember,
  windowOf,
  type CallWindow,
  type Observation,
  type Outcome,
} from './rule'

/** Tells how a call ended. A report on a call from before the last change of state is ignored: late answers lose. */
export interface Report {
  /**
   * It was answered (`undefined`), or lost and why.
   * @param doubtful a visitor had a say in what was sent, so that the loss says nothing by itself: we look ourselves
   */
  (outcome: Outcome, doubtful?: boolean): void
  /** This machine had no time for it: nothing is known, and we look ourselves, with more patience. */
  readonly unseen: () => void
}

/** What a look of our own has found: an answer or why there was none; or nothing at all, because it was not made in earnest. */
export type Look = { readonly seen: Outcome } | { readonly unseen: string }

/** What a node says to all others of an endpoint. */
export interface Word {
  readonly mode: 'up' | 'down'
  /** Names the outage, so that nobody looks twice because of the same words. */
  readonly id: string
  /** When it was noticed, in ms since 1970. */
  readonly since: number
  readonly cause: string
  /** Good probes in a row. */
  readonly good: number
  /** Some node sees the cloud all the same, so that each that does not must look for itself. */
  readonly disputed: boolean
}

export function isWord(value: unknown): value is Word {
  if (typeof value !== 'object' || value === null) return false
  const { mode, id, since, cause, good, disputed } = value as Record<string, unknown>
  const isTold = typeof id === 'string' && typeof since === 'number' && typeof cause === 'string'
  return isTold && typeof good === 'number' && typeof disputed === 'boolean' && (mode === 'up' || mode === 'down')
}

interface Up {
  readonly mode: 'up'
  readonly since: number
  readonly calls: readonly Observation[]
  readonly looks: readonly Observation[]
}
interface Down {
  readonly mode: 'down'
  readonly id: string
  readonly since: number
  readonly cause: string
  /** Good looks of this node's own in a row. */
  readonly good: number
  /** The same of whoever looked last, as far as this node has heard. */
  readonly heard: number
  readonly disputed: boolean
}

/** What calls and probes say. Each state holds its own data. */
export type Measured = Up | Down

/** The world outside, as a machine needs it. */
export interface MachineParts {
  /** Asks the endpoint for something that no visitor has a say in. Never rejects. */
  readonly probe: () => Promise<Look>
  readonly now: () => number
  /** Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off. */
  readonly later: (ms: number, act: () => void) => () => void
  /** A number from 0 to 1, for jitter and names. */
  readonly chance: () => number
  /** The other nodes. */
  readonly exchange: Exchange<Word>
  /** Called after every change of mode. */
  readonly onChange: () => void
}

/** How a look of our own ended, and when, in ms since 1970. */
export interface Probed {
  readonly at: number
  /** `ok`, or why there was no answer. */
  readonly outcome: string
}

export interface Machine {
  readonly state: Measured
  /** Empty while down: then probes decide. */
  readonly window: CallWindow
  /** This node's own last one, if it has made any. */
  readonly lastProbe: Probed | undefined
  /** A call begins now; tell how it ended. */
  readonly begin: () => Report
  /** Stops probing, and hears nobody any more. */
  readonly stop: () => void
}

/** A node that is down together with others looks for itself now and then, whoever else does: in milliseconds. */
const OWN_LOOK_MS = 120_000
/** So many outages of others are remembered that this node has looked into. */
const MOST_HEEDED = 32

/**
 * Keeps the state of one endpoint and moves it; *when* to move is the rule's business. A node goes by what it sees itself. What
 * others say makes it look, at once: their outage is its own if it sees nothing either, and so is their end of it. While all of
 * them are down, one at a time probes for all.
 */
export function createMachine({ probe, now, later, chance, exchange, onChange }: MachineParts): Machine {
  /** Counts changes of state: what began before the last one is void. */
  let epoch = 0
  let state: Measured = { mode: 'up', since: now(), calls: [], looks: [] }
  let lastProbe: Probed | undefined
  let lastLook: { readonly begun: number; readonly look: Look } | undefined
  let underWay: Promise<Look> | undefined
  const heeded = new Set<string>()
  let cancelNext: (() => void) | undefined
  let turning = false
  let stopped = false

  function enter(next: Measured): void {
    const changed = next.mode !== state.mode
    state = next
    epoch++
    cancelNext?.()
    cancelNext = undefined
    if (next.mode === 'down') scheduleTurn()
    if (changed) onChange()
  }

  /** Whether anything has changed since. */
  function voidness(): () => boolean {
    const begun = epoch
    return () => epoch !== begun || stopped
  }

  function schedule(ms: number, act: () => void): void {
    cancelNext?.()
    if (!stopped) {
      cancelNext = later(ms, () => {
        cancelNext = undefined
        act()
      })
    }
  }

  /** One look at a time, shared by all who wait for one. */
  function look(): Promise<Look> {
    underWay ??= lookNow()
    return underWay
  }

  async function lookNow(): Promise<Look> {
    const begun = now()
    const found = await probe()
    underWay = undefined
    lastLook = { begun, look: found }
    lastProbe = { at: now(), outcome: isUnseen(found) ? found.unseen : (found.seen ?? 'ok') }
    return found
  }

  // While up

  /** Somebody's call leaves a doubt; a look that has just found the endpoint well, or has found nothing at all, is enough. */
  function doubt(): void {
    if (underWay !== undefined) return
    const rests = lastLook !== undefined && !isLost(lastLook.look) && isWithin(lastLook.begun, LOOK_EVERY_MS)
    if (!rests) void lookWhileUp()
  }

  /** A clock that was set back makes nothing last. */
  const isWithin = (begun: number, ms: number): boolean => now() >= begun && now() - begun < ms

  async function lookWhileUp(): Promise<void> {
    const isVoid = voidness()
    const begun = now()
    const found = await look()
    if (isVoid() || state.mode === 'down' || isUnseen(found)) return
    const looks = remember(state.looks, { at: now(), cause: found.seen })
    state = { ...state, looks }
    if (found.seen === undefined) return
    if (isConfirmed(looks, state.calls, now())) return declare(found.seen)
    // A look counts once: whoever has begun one meanwhile goes on from there.
    schedule(Math.max(0, begun + LOOK_EVERY_MS - now()), () => void (underWay === undefined && lookWhileUp()))
  }

  function declare(cause: string): void {
    const since = now()
    const id = `${since.toString(36)}${chance().toString(36).slice(1)}`
    heed(id)
    enter({ mode: 'down', id, since, cause, good: 0, heard: 0, disputed: false })
    void exchange.post({ mode: 'down', id, since, cause, good: 0, disputed: false })
  }

  /** Another node says that it is down. It may be right, or have a way out that is broken. */
  async function verify(word: Word): Promise<void> {
    if (heeded.has(word.id)) return
    heed(word.id)
    // What this node has lost in a row by then, and what another says, are two witnesses; each has seen for itself.
    if (state.mode === 'up' && bearsOut(state.calls, now())) return enter(asDown(word))
    const isVoid = voidness()
    const found = await look()
    if (isVoid() || state.mode === 'down') return
    if (isUnseen(found)) {
      heeded.delete(word.id)
      return schedule(LOOK_EVERY_MS, () => void listen())
    }
    if (found.seen !== undefined) return enter(asDown(word))
    if (!word.disputed) await exchange.post({ ...word, disputed: true })
  }

  function heed(id: string): void {
    const [oldest] = heeded
    if (heeded.size >= MOST_HEEDED && oldest !== undefined) heeded.delete(oldest)
    heeded.add(id)
  }

  // While down

  /** Jitter only ever adds, so that the interval stays a promise. */
  function scheduleTurn(): void {
    schedule(PROBE_EVERY_MS * (1 + chance() / 5), () => void turn())
  }

  /** One look for all who are down, by whichever node has leave; where nodes disagree, by each for itself. */
  async function turn(): Promise<void> {
    if (state.mode === 'up' || turning) return
    turning = true
    const isVoid = voidness()
    const looksAnyway = state.disputed || !isWithin(lastLook?.begun ?? state.since, OWN_LOOK_MS)
    const leave = looksAnyway ? {} : await exchange.lease()
    if (!isVoid()) await (leave === undefined ? listen() : conclude(await look(), isVoid, leave.fence))
    turning = false
    // Still the same, and nothing has set the next look.
    if (!isVoid() && cancelNext === undefined) scheduleTurn()
  }

  async function conclude(found: Look, isVoid: () => boolean, fence?: number): Promise<void> {
    if (isVoid() || state.mode === 'up' || isUnseen(found)) return
    const { id, since, disputed, heard } = state
    const good = found.seen === undefined ? Math.max(state.good, heard) + 1 : 0
    const isBack = good >= GOOD_PROBES
    const told = { id, since, cause: found.seen ?? state.cause, good }
    const stands = await exchange.post({ mode: isBack ? 'up' : 'down', ...told, disputed: disputed && !isBack }, fence)
    if (isVoid()) return
    // A node that was stalled over its lease has seen what was.
    if (!stands) return listen()
    if (isBack) return enter({ mode: 'up', since: now(), calls: [], looks: [] })
    state = { ...state, ...told, heard: 0 }
  }

  /** What others say while this node is down as well. */
  async function compare(word: Word | undefined): Promise<void> {
    if (state.mode === 'up') return
    // Nobody says anything any more, not even what this node has said: it looks for itself.
    if (word === undefined) state = { ...state, disputed: true }
    else if (word.mode === 'up') await follow()
    else if (word.disputed && word.id === state.id && !state.disputed) {
      state = { ...state, disputed: true }
      schedule(0, () => void turn())
    } else state = { ...state, heard: word.good }
  }

  /** Others have seen it twice. Seen by this node as well, it is back. */
  async function follow(): Promise<void> {
    const isVoid = voidness()
    const found = await look()
    if (isVoid() || state.mode === 'up' || isUnseen(found)) return
    if (found.seen === undefined) enter({ mode: 'up', since: now(), calls: [], looks: [] })
    else state = { ...state, good: 0, disputed: true }
  }

  async function listen(): Promise<void> {
    const isVoid = voidness()
    const word = await exchange.read()
    if (isVoid() || word === ALONE) return
    if (state.mode === 'down') await compare(word)
    else if (word?.mode === 'down') await verify(word)
  }

  const stopWatching = exchange.watch(() => void listen())
  // An outage that began before this node did.
  void listen()

  return {
    get state() {
      return state
    },
    get window() {
      return windowOf(state.mode === 'up' ? state.calls : [], now())
    },
    get lastProbe() {
      return lastProbe
    },
    begin() {
      const isVoid = voidness()
      function report(cause: Outcome, doubtful = false): void {
        if (isVoid() || state.mode === 'down') return
        const calls = remember(state.calls, { at: now(), cause, doubtful })
        state = { ...state, calls }
        if (cause === undefined) return
        if (doubtful) doubt()
        else if (isOutage(calls)) declare(cause)
      }
      return Object.assign(report, {
        unseen() {
          if (!isVoid() && state.mode === 'up') doubt()
        },
      })
    },
    stop() {
      stopped = true
      cancelNext?.()
      stopWatching()
    },
  }
}

/** Another node's outage as this node's own. */
const asDown = ({ id, since, cause, disputed }: Word): Down => ({
  mode: 'down',
  id,
  since,
  cause,
  good: 0,
  heard: 0,
  disputed,
})

/** By a member of its own: what all objects have inherited keeps no look from counting. */
const isUnseen = (look: Look): look is Extract<Look, { unseen: string }> => Object.hasOwn(look, 'unseen')
const isLost = (look: Look): boolean => !isUnseen(look) && look.seen !== undefined
