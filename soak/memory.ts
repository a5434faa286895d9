import type { Life } from './nodes'

/** Bytes, at a time in ms since 1970; the heap after a garbage collection. */
export interface Sample {
  readonly at: number
  readonly heap: number
  readonly rss: number
}

/** Mean bytes of one process in each quarter of the run; NaN where there is no sample. */
export interface Means {
  readonly node: number
  readonly of: 'heap' | 'rss'
  readonly quarters: readonly number[]
}

export interface Memory {
  add(life: Life, sample: Sample): void
  /** Of every process that lived through the whole second half, its heap and its rss. */
  means(begun: number, ended: number): readonly Means[]
}

/**
 * The rule: in a process that lived through the second half of the run, the means of the third and the fourth quarter differ
 * by less than a tenth. What the first half does is the engine's own warming up.
 */
export const MOST_GROWTH = 0.1

export function createMemory(): Memory {
  const lives = new Map<Life, Sample[]>()

  function quartersOf(samples: readonly Sample[], of: Means['of'], begun: number, quarter: number): number[] {
    const inQuarter = (i: number) => (sample: Sample) => Math.floor((sample.at - begun) / quarter) === i
    return [0, 1, 2, 3].map((i) => mean(samples.filter(inQuarter(i)).map((sample) => sample[of])))
  }

  return {
    add(life, sample) {
      const samples = lives.get(life) ?? []
      lives.set(life, samples)
      samples.push(sample)
    },
    means(begun, ended) {
      const quarter = (ended - begun) / 4
      return [...lives]
        .filter(([life, [first]]) => !life.killed && first !== undefined && first.at <= begun + 2 * quarter)
        .toSorted(([a], [b]) => a.node - b.node)
        .flatMap(([{ node }, samples]) =>
          (['heap', 'rss'] as const).map((of) => ({ node, of, quarters: quartersOf(samples, of, begun, quarter) })),
        )
    },
  }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

/** By how much the last quarter's mean is above the third's: 0.1 is a tenth. */
export const growth = ({ quarters: [, , third = NaN, fourth = NaN] }: Means): number => fourth / third - 1

export const megabytes = (bytes: number): string => (Number.isNaN(bytes) ? '-' : (bytes / 2 ** 20).toFixed(1))

export const inWords = (means: Means): string =>
  `node ${means.node} ${means.of}: ${means.quarters.map(megabytes).join(' → ')} (${(growth(means) * 100).toFixed(1)} %)`
