import { ok, problem, type Check } from '../check'

export const cloudConnect: Check = {
  code: 'cloud_connect',
  run: ({ cloud }) => {
    if (cloud?.connected === undefined) return undefined
    const { host, port, protocol } = new URL(cloud.apiServer)
    if (cloud.connected === true) return ok('cloud_connect.ok', { host })
    const number = port || (protocol === 'https:' ? '443' : '80')
    const write = `http: { proxy: { host: 'proxy.internal', port: 3128 } }  // or open outgoing TCP ${number}`
    return problem('cloud_connect.failed', write, { host, reason: cloud.connected.failed })
  },
}
