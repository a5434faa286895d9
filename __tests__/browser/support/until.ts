/** Milliseconds that only a hang reaches. */
const LIMIT = 60_000

/** Waits for something that no event tells of. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + LIMIT
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never happened: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
