import { createSimulator, type Endpoint, type Fault, type Simulator } from '../simulator'
import { portOf, read, UsageError } from './arguments'
import type { Command, World } from './world'

const PORT = '7001'

/** The cloud on loopback, until SIGINT or SIGTERM. */
export const simulator: Command = async (args, world) => {
  const { values, file } = read(args, {
    port: { type: 'string', default: PORT },
    id: { type: 'string' },
    key: { type: 'string' },
    fault: { type: 'string' },
    endpoint: { type: 'string' },
  })
  if (file !== undefined) throw new UsageError(`simulator takes no file, not ${file}`)
  if (values.endpoint !== undefined && values.fault === undefined) {
    throw new UsageError('--endpoint says where a fault is; write --fault before it, such as --fault hang')
  }
  return run(values, portOf(values.port), world)
}

type Wishes = Readonly<Record<'id' | 'key' | 'fault' | 'endpoint', string | undefined>>

async function run(wishes: Wishes, port: number, world: World): Promise<0 | 1> {
  try {
    const { id, key } = wishes
    await serve(createSimulator({ ...(id && { captchaId: id }), ...(key && { privateKey: key }) }), wishes, port, world)
    return 0
  } catch (error) {
    world.err(explain(error as NodeJS.ErrnoException, port))
    return 1
  }
}

async function serve(cloud: Simulator, { fault, endpoint }: Wishes, port: number, world: World): Promise<void> {
  try {
    await cloud.start(port)
    // Its own words tell what kinds and endpoints there are.
    if (fault) await cloud.fault(fault as Fault, { ...(endpoint && { endpoint: endpoint as Endpoint }) })
    introduce(cloud, fault && `${fault} at ${endpoint ?? 'every endpoint'}`, world)
    await world.ended()
  } finally {
    await cloud.stop()
  }
}

const explain = ({ code, message }: NodeJS.ErrnoException, port: number): string =>
  code === 'EADDRINUSE' ? `simulator: port ${port} is in use; write another, such as --port ${port + 1}` : message

function introduce({ url, captchaId, privateKey }: Simulator, fault: string | undefined, { out }: World): void {
  out(`The simulator of Geetest's cloud: ${url}  (Ctrl+C ends it)`)
  if (fault) out(`Out of order: ${fault}`)
  out(`
In the environment:
  GEETEST_ID=${captchaId}
  GEETEST_KEY=${privateKey}
  GEETEST_API_SERVER=${url}

Or in the options:
  geetest({ captchaId: '${captchaId}', privateKey: '${privateKey}', apiServer: '${url}' })`)
}
