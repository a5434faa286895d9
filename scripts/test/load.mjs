// Keeps one core busy until whoever started it lets go of it or is gone, and never longer than this.
const MOST_MS = 2 * 3_600_000
const SLICE_MS = 100

process.once('disconnect', () => process.exit())
const ends = Date.now() + MOST_MS
function burn() {
  const until = Date.now() + SLICE_MS
  while (Date.now() < until);
  if (Date.now() < ends) setImmediate(burn)
  else process.disconnect()
}
burn()
