import { createSimulator, type Endpoint, type Fault, type Simulator } from '../simulator'
import { portOf, read, UsageError } from './arguments'
import { fill, languageOf, words, type Words } from './words'
import type { Command, World } from './world'

const PORT = 7001

/** The cloud on loopback, until SIGINT or SIGTERM; or for as long as the program behind `--` runs, which finds it in its environment. */
export const simulator: Command = async (all, world) => {
  const end = all.indexOf('--')
  const [args, program] = end === -1 ? [all, []] : [all.slice(0, end), all.slice(end + 1)]
  const { values, file } = read(args, {
    port: { type: 'string' },
    id: { type: 'string' },
    key: { type: 'string' },
    fault: { type: 'string' },
    endpoint: { type: 'string' },
  })
  if (file !== undefined) throw new UsageError('simulatorFile', { file })
  if (values.endpoint !== undefined && values.fault === undefined) {
    throw new UsageError('endpoint')
  }
  const { simulator: said } = words(languageOf(args, world.env))
  // A program finds the cloud by its environment, wherever that is.
  const mayMove = program.length > 0 && values.port === undefined
  return run(
    { ...values, program, mayMove, said },
    values.port === undefined ? (world.usualPort ?? PORT) : portOf(values.port),
    world,
  )
}

interface Wishes extends Readonly<Record<'id' | 'key' | 'fault' | 'endpoint', string | undefined>> {
  readonly program: readonly string[]
  /** Any port will do where this one is taken. */
  readonly mayMove: boolean
  readonly said: Words['simulator']
}

async function run(wishes: Wishes, port: number, world: World): Promise<number> {
  try {
    const { id, key } = wishes
    const cloud = createSimulator({ ...(id && { captchaId: id }), ...(key && { privateKey: key }) })
    return await serve(cloud, wishes, port, world)
  } catch (error) {
    world.err(explain(error as NodeJS.ErrnoException, port, wishes.said))
    return 1
  }
}

async function begin(cloud: Simulator, { mayMove, said }: Wishes, taken: number, { err }: World): Promise<void> {
  try {
    await cloud.start(taken)
  } catch (error) {
    if (!mayMove || !isTaken(error as NodeJS.ErrnoException)) throw error
    await cloud.start(0)
    err(fill(said.otherPort, { taken, port: new URL(cloud.url).port }))
  }
}

async function serve(cloud: Simulator, wishes: Wishes, port: number, world: World): Promise<number> {
  const { fault, endpoint, program } = wishes
  try {
    await begin(cloud, wishes, port, world)
    // Its own words tell what kinds and endpoints there are.
    if (fault) await cloud.fault(fault as Fault, { ...(endpoint && { endpoint: endpoint as Endpoint }) })
    introduce(cloud, fault && `${fault} at ${endpoint ?? 'every endpoint'}`, world)
    if (program.length > 0) return await world.run(program, environment(cloud, world))
    await world.ended()
    return 0
  } finally {
    await cloud.stop()
  }
}

const isTaken = ({ code }: NodeJS.ErrnoException): boolean => code === 'EADDRINUSE'

const explain = (error: NodeJS.ErrnoException, port: number, { portTaken }: Words['simulator']): string =>
  isTaken(error) ? fill(portTaken, { port, next: port + 1 }) : error.message

/** What the README's app and the demo read. The session's secret is for this run alone, unless there is one. */
const environment = ({ captchaId, privateKey, url }: Simulator, { env, random }: World): Record<string, string> => ({
  GEETEST_ID: captchaId,
  GEETEST_KEY: privateKey,
  GEETEST_API_SERVER: url,
  SESSION_SECRET: env.SESSION_SECRET || random(16).toString('hex'),
})

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
