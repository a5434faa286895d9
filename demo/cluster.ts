// The demo in several processes that share a Redis, as behind a balancer: REDIS_URL=redis://127.0.0.1:6379 npm run demo:cluster
import cluster, { type Address, type Worker } from 'node:cluster'
import { once } from 'node:events'
import { switchOf, type CloudSwitch } from './drill'
import { cloudFromEnvironment, port, portAsked, sessionSecret } from './environment'
import { isLocal, listen, portTrouble } from './listen'
import { createSite } from './site'
import { storesFromEnvironment } from './stores'

const WORKERS = 3
/** The exit code of a process that has said what is wrong; or another has, with the same trouble. */
const SAID = 3

/** What the workers ask the primary, which has the simulator. */
interface Ask {
  readonly id: number
  readonly down?: boolean
}
interface Told {
  readonly id: number
  readonly down: boolean
}

async function primary(): Promise<void> {
  const { REDIS_URL } = process.env
  if (!REDIS_URL)
    throw new Error('demo: several processes share a Redis; write REDIS_URL=redis://127.0.0.1:6379 before it')
  const { options, options4, simulator } = await cloudFromEnvironment(process.env)
  const env = {
    ...(options4 && {
      GEETEST4_ID: options4.captchaId,
      GEETEST4_KEY: options4.privateKey,
      GEETEST4_API_SERVER: options4.apiServer ?? '',
    }),
    GEETEST_ID: options.captchaId,
    GEETEST_KEY: options.privateKey,
    GEETEST_API_SERVER: options.apiServer ?? '',
    SESSION_SECRET: sessionSecret(process.env),
    CLOUD_SWITCH: simulator && isLocal(process.env.HOST) ? '1' : '',
  }
  const cloud = simulator && switchOf(simulator)
  const workers = Array.from({ length: WORKERS }, () => cluster.fork(env))
  for (const worker of workers) if (cloud) worker.on('message', (ask: Ask) => void tell(worker, cloud, ask))
  cluster.on('exit', (worker, code) => {
    if (code !== SAID) console.error(`worker ${worker.id} ended with code ${code}`)
    if (code !== 0) process.exit(1)
  })
  const [[address]] = (await Promise.all(workers.map((worker) => once(worker, 'listening')))) as [[Address]]
  console.log(`express-geetest demo, ${WORKERS} processes: http://localhost:${address.port}  (demo / demo)`)
}

async function tell(worker: Worker, cloud: CloudSwitch, { id, down }: Ask): Promise<void> {
  if (down !== undefined) await cloud.set(down)
  worker.send({ id, down: await cloud.isDown() } satisfies Told)
}

async function worker(): Promise<void> {
  const geetestCloud = await cloudFromEnvironment(process.env)
  const stores = await storesFromEnvironment(process.env)
  const cloud = process.env.CLOUD_SWITCH ? farSwitch() : undefined
  await listen(createSite(geetestCloud, stores, cloud), port(process.env), process.env.HOST)
}

/** The switch of the primary, as a worker sees it. */
function farSwitch(): CloudSwitch {
  let last = 0
  function ask(down?: boolean): Promise<boolean> {
    const id = ++last
    return new Promise((resolve) => {
      const listen = (told: Told): void => {
        if (told.id !== id) return
        process.off('message', listen)
        resolve(told.down)
      }
      process.on('message', listen)
      process.send?.({ id, ...(down !== undefined && { down }) } satisfies Ask)
    })
  }
  return { isDown: () => ask(), set: (down) => ask(down).then(() => undefined) }
}

;(cluster.isPrimary ? primary() : worker()).catch((error: unknown) => {
  const isFirst = cluster.worker === undefined || cluster.worker.id === 1
  if (isFirst)
    console.error(portTrouble(error, portAsked(process.env), (other) => `PORT=${other} npm run demo:cluster`))
  process.exit(cluster.isPrimary ? 1 : SAID)
})
