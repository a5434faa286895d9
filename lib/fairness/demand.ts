/** How much was asked for in a window of time, and by how many networks. */
export interface Demand {
  /** Asks in all. */
  readonly asked: number
  /** How many networks have asked at least `STEPS[i]` times. What is left out is 0. */
  readonly reached: readonly (number | undefined)[]
}

export const NO_DEMAND: Demand = { asked: 0, reached: [] }

/**
 * Numbers of asks at which a network is counted once more: each up to 8, then four to every doubling. So a few numbers describe
 * any number of networks, wherever they are kept, and a network is misjudged by less than a quarter.
 */
export const STEPS: readonly number[] = [...steps(2 ** 21)]

function* steps(end: number): Iterable<number> {
  for (let asks = 1; asks <= end; asks += widthAt(asks)) yield asks
}

function widthAt(asks: number): number {
  let width = 1
  while (asks >= 8 * width) width *= 2
  return width
}

const INDEX: ReadonlyMap<number, number> = new Map(STEPS.map((asks, i) => [asks, i]))

/** Which of the steps a network reaches with this ask, if any. */
export const stepOf = (asks: number): number | undefined => INDEX.get(asks)

/**
 * What every network may have so that `amount` is enough for all: whoever asks for less gets all of it, and what they leave is shared out
 * evenly among the others (max-min fairness). `Infinity` where there is room for more.
 */
export function fairShare({ asked, reached }: Demand, amount: number): number {
  if (asked < amount) return Infinity
  let left = amount
  for (const [i, asks] of STEPS.entries()) {
    const networks = reached[i] ?? 0
    const wanted = networks * (Number(STEPS[i + 1]) - asks)
    if (networks > 0 && wanted >= left) return asks - 1 + left / networks
    left -= wanted
  }
  return Infinity
}
