import { buildWhereStale } from '../../browser/support/stale'

/** Before the tests of a run: what they load is built from the sources as they are. */
export default buildWhereStale
