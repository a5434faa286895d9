import { ok, problem, warning, type Check } from '../check'
import { isPage } from '../facts/request'

/** The middle one of the calls, against the deadline that visitors' calls have. */
export const cloudLatency: Check = {
  code: 'cloud_latency',
  run: ({ cloud }) => {
    const times = (cloud?.calls ?? []).filter(isPage).map(({ ms }) => ms)
    if (cloud === undefined || times.length === 0) return undefined
    const ms = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number
    const { timeout = 1500 } = cloud
    const write = `timeout: ${Math.min(30_000, Math.ceil((ms * 3) / 500) * 500)}`
    if (ms >= timeout) return problem('cloud_latency.over', write, { ms, timeout })
    return ms * 2 > timeout
      ? warning('cloud_latency.near', write, { ms, timeout })
      : ok('cloud_latency.ok', { ms, timeout })
  },
}
