/** That many at once; `act` is told its number. */
export const storm = <T>(act: (i: number) => PromiseLike<T>, size = 50): Promise<T[]> =>
  Promise.all(Array.from({ length: size }, (_, i) => act(i)))

/** How many were let through. */
export const through = (replies: readonly { status: number }[]): number =>
  replies.filter(({ status }) => status === 200).length

/** What the replies said, and how often: `through` for those that were let in, else the code. */
export function tally(replies: readonly { status: number; body: { code?: string } }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, body } of replies) {
    const said = status === 200 ? 'through' : String(body.code)
    counts[said] = (counts[said] ?? 0) + 1
  }
  return counts
}
