/**
 * What one node tells all the others, by topic. A store that several nodes share brings one along; without it every node
 * knows only what it saw itself.
 *
 * Each method may reject: whoever asks then goes by what it knows alone.
 */
export interface Board {
  /** What stands on the board, if it still holds. */
  read(topic: string): Promise<string | undefined>
  /**
   * Puts `text` up for `ms` milliseconds, or takes down what is there (`undefined`), and tells every node that watches.
   * @param fence the number of the lease under which this was found out; a lower one than that of the last post loses,
   * and nothing changes. Absent: found out just now, and newer than everything before.
   * @returns whether it stands
   */
  post(topic: string, text: string | undefined, ms: number, fence?: number): Promise<boolean>
  /** Leave to do something for all, to one node at a time and for `ms`; the number is larger than every one before. */
  lease(topic: string, ms: number): Promise<number | undefined>
  /** Calls back soon after every post to that topic, by whichever node; returns the way to call it off. */
  watch(topic: string, listener: () => void): () => void
}
