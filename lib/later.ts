/**
 * Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off.
 *
 * What has arrived by then is read first: a process that was stalled over a deadline is late itself, and the answer that it
 * waited for may lie there unread.
 */
export function later(ms: number, act: () => void): () => void {
  let due: NodeJS.Immediate | undefined
  const timer = setTimeout(() => {
    due = setImmediate(act)
  }, ms).unref()
  return () => {
    clearTimeout(timer)
    clearImmediate(due)
  }
}
