import { kinds } from './crowd'
import { growth, inWords, MOST_GROWTH } from './memory'
import type { Seen } from './run'

/** What can only be said at the end: how memory went, and whether everything was there without which the rest says nothing. */
export function complete({ tally, memory, begun, ended, offences: { offend } }: Seen): void {
  for (const kind of kinds) {
    const seen = tally.counts.some((count) => count.kind === kind && count.healthy > 0)
    if (!seen) offend('nothing shown', `nobody of kind ${kind} came while cloud and store were healthy`)
  }
  const lived = memory.means(begun, ended)
  if (lived.length < 4) offend('nothing shown', 'fewer than two server processes lived through the second half')
  for (const means of lived) {
    // Also where there is nothing to compare.
    if (!(growth(means) < MOST_GROWTH)) offend('memory grows', inWords(means))
  }
}
