import { randomFill } from 'node:crypto'

/** Milliseconds between two looks at how late this process is. */
const EVERY_MS = 20
/** So late is any process that works; it keeps no reply from being read. */
const USUAL_MS = 10

/** How much time something of this machine has taken away, counted while somebody wants to know. */
export interface Gauge {
  /** Milliseconds taken away since the process began, as far as anybody watched. */
  readonly taken: () => number
  /** Watches until the returned function is called, which may be called again. */
  readonly watch: () => () => void
}

/** Calls back as soon as it gets its turn, and no sooner than is right; returns the way to call it off. */
type Turn = (act: () => void) => () => void

interface GaugeParts {
  readonly turn: Turn
  /** Milliseconds that a turn takes where nothing is in its way. */
  readonly due: number
  /** What is counted elsewhere already. */
  readonly besides?: () => number
  readonly now: () => number
}

/** Asks for a turn again and again; what it comes too late was taken away. */
function createGauge({ turn, due, besides = () => 0, now }: GaugeParts): Gauge {
  let watching = 0
  let sum = 0
  let asked = 0
  let besidesThen = 0
  let cancel: (() => void) | undefined

  function late(): number {
    const by = now() - asked - due - (besides() - besidesThen)
    return by > USUAL_MS ? by : 0
  }
  function ask(): void {
    asked = now()
    besidesThen = besides()
    cancel = turn(() => {
      sum += late()
      ask()
    })
  }

  return {
    taken: () => (watching > 0 ? sum + late() : sum),
    watch() {
      let watches = true
      if (++watching === 1) ask()
      return () => {
        if (!watches) return
        watches = false
        if (watching === 1) {
          sum += late()
          cancel?.()
        }
        watching -= 1
      }
    },
  }
}

const byTimer: Turn = (act) => {
  const timer = setTimeout(act, EVERY_MS).unref()
  return () => clearTimeout(timer)
}

/** The smallest job for the threads on which names are looked up and passwords hashed, and a rest after it. */
const byPool: Turn = (act) => {
  let cancelled = false
  let cancelRest: (() => void) | undefined
  randomFill(Buffer.alloc(1), () => {
    if (!cancelled) cancelRest = byTimer(act)
  })
  return () => {
    cancelled = true
    cancelRest?.()
  }
}

const now = (): number => performance.now()

/** The time in which this process did something else than read replies. */
export const loop: Gauge = createGauge({ turn: byTimer, due: EVERY_MS, now })

/** The time in which the thread pool was full, so that no name could be looked up. */
export const pool: Gauge = createGauge({ turn: byPool, due: EVERY_MS, besides: loop.taken, now })
