import type { Life } from './nodes'

/** Bytes, at a time in ms since 1970; the heap after a garbage collection. */
export interface Sample {
  readonly at: number
  readonly heap: number
  readonly rss: number
}

/** Mean bytes in each quarter of the run, NaN where there is no sample. */
export interface Quarters {
  readonly node: number
  readonly heap: readonly number[]
  readonly rss: readonly number[]
}

export interface Memory {
  add(life: Life, sample: Sample): void
  /** The nodes that lived through the whole second half, by quarters. @throws nothing; the list may be empty */
  quarters(begun: number, ended: number): readonly Quarters[]
}

/**
 * The rule: in a process that lived through the second half of the run, the means of the third and the fourth quarter differ
 * by less than a tenth. What the first half does is the engine's own warming up.
 */
export const MOST_GROWTH = 0.1

export function createMemory(): Memory {
  const lives = new Map<Life, Sample[]>()

  return {
    add(life, sample) {
      const samples = lives.get(life) ?? []
      lives.set(life, samples)
      samples.push(sample)
    },
    quarters(begun, ended) {
      const quarter = (ended - begun) / 4
      return [...lives]
        .filter(([life, [first]]) => !life.killed && first !== undefined && first.at <= begun + 2 * quarter)
        .map(([{ node }, samples]) => {
          const means = (of: 'heap' | 'rss'): number[] =>
            [0, 1, 2, 3].map((i) => {
              const from = begun + i * quarter
              return mean(samples.filter(({ at }) => at >= from && at < from + quarter).map((sample) => sample[of]))
            })
          return { node, heap: means('heap'), rss: means('rss') }
        })
        .toSorted((a, b) => a.node - b.node)
    },
  }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

/** By how much the last quarter's mean is above the third's: 0.1 is a tenth. */
export const growth = ([, , third = NaN, fourth = NaN]: readonly number[]): number => fourth / third - 1
