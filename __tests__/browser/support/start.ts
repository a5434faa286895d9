import { startSharedBrowser } from './shared-browser'
import { buildWhereStale } from './stale'

/** Before the tests of a run: what they load is built from the sources as they are, and one browser runs. */
export default async function start(): Promise<void> {
  buildWhereStale()
  await startSharedBrowser()
}
