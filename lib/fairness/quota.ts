import type { Counter, Counters, Counts, Marks } from './counters'
import { fairShare } from './demand'
import type { Standpoint } from './visitor'

/** How a visitor stands who asks for something that may be scarce. */
export interface Standing {
  /** Seconds until there is room again; absent where there is room now. */
  readonly wait?: number | undefined
  /** By how much more work the visitor's network is asked for than others: 1, 2, 4 or 8. */
  readonly work: number
}

export interface QuotaSettings {
  readonly name: string
  /** Milliseconds of one window. */
  readonly ms: number
  /** What one network may have in it, whether there is enough or not. */
  readonly each: number
  /** What is shared out among all. */
  readonly total: number
}

/** One thing that is shared out, in windows of time. */
export interface Quota {
  /** Counts an ask, and says whether there is room for it. */
  take(visitor: Standpoint): Promise<Standing>
  /** Says whether there is room for one more. */
  look(visitor: Standpoint): Promise<Standing>
  /** Counts where the marks say. */
  add(visitor: Standpoint, marks: Marks): Promise<void>
}

/** The first asks of every network have room whatever others do: who has just come is never sent away for their sake. */
const FIRST = 5
/** Of a small total less: one in two hundred. */
const firstOf = (total: number): number => Math.min(FIRST, Math.ceil(total / 200))
/** So have the first two of every IPv4 address, whatever its neighbours do. */
const firstAmongStrangers = (total: number): number => Math.floor(firstOf(total) / 2)

/** Work rises where a network has more than its share of an eighth of the total would be, and doubles with each doubling. */
const CALM = 1 / 8
/** Eight times at most: beyond, phones would suffer more than bots. */
const MOST_WORK = 8

export function createQuota({ name, ms, each, total }: QuotaSettings, counters: Counters): Quota {
  const counterOf = (of: string): Counter => counters.counter({ name: `${name}${of}`, ms, limit: each, most: total })
  const known = counterOf('')
  const strangers = counterOf(':strangers')

  const count = async (visitor: Standpoint, marks: Marks): Promise<Counts> =>
    (visitor.known ? known : strangers).count(visitor, marks)

  /** What every network may have of `amount`, and its first asks in any case. */
  function shareOf(amount: number, { demand, before, elapsed }: Counts): number {
    // What was short a window ago will be short again, unless less is asked for since than there is time for.
    const calm = demand.asked <= (amount * elapsed) / ms
    const share = Math.min(fairShare(demand, amount), calm ? Infinity : fairShare(before, amount))
    return Math.max(firstOf(total), share)
  }

  function standing(visitor: Standpoint, counts: Counts): Standing {
    const wait = Math.max(1, Math.ceil((ms - counts.elapsed) / 1000))
    const spared = visitor.amongStrangers && Number(counts.own[0]) < firstAmongStrangers(total)
    const place = counts.shared + 1
    const work = spared ? 1 : workOf(place / shareOf(total * CALM, counts))
    const room = counts.own.every((asked) => asked < each) && (spared || place <= shareOf(total, counts))
    return room ? { work } : { wait, work }
  }

  return {
    take: async (visitor) => standing(visitor, await count(visitor, { own: true, shared: true })),
    look: async (visitor) => standing(visitor, await count(visitor, { own: false, shared: false })),
    async add(visitor, marks) {
      await count(visitor, marks)
    },
  }
}

/** @param above how many times its share a network has */
function workOf(above: number): number {
  const doublings = Math.ceil(Math.log2(Math.max(above, 1)))
  return Math.min(2 ** doublings, MOST_WORK)
}
