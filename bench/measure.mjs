// One contender through one case: its server is started, warmed up, asked, and ended.
import { start } from './child.mjs'

/** @returns CPU in µs for one operation, operations a second, latencies in ms, and calls to the cloud for one operation */
export async function measure({ contender, one, cloud, driver, redisUrl, profiles }) {
  const { origins } = cloud.ready
  const flags = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : []
  const server = await start('server.mjs', [contender, origins[one.cloud], redisUrl], ['--expose-gc', ...flags])
  const step = (name) => driver.ask({ step: name, name: one.name, port: server.ready.port })
  const look = (collect = false) => server.ask({ collect })
  try {
    await step('arrive')
    const empty = await look(one.weigh)
    await step('prepare')
    const before = { ...(await look(one.weigh)), ...(await cloud.ask({})) }
    const { done, wall, ...latencies } = await step('act')
    const after = { ...(await look()), ...(await cloud.ask({})) }
    return {
      cpu: (after.cpu - before.cpu) / done,
      rate: done / (wall / 1000),
      ...latencies,
      calls: (after.calls - before.calls) / done,
      ...(one.weigh && { bytes: (before.heap - empty.heap) / one.stock }),
    }
  } finally {
    await step('leave')
    await server.stop()
  }
}
