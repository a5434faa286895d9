// What the environment says, turned into options. Without an id and a key of yours the cloud is a simulator.
import { randomBytes } from 'node:crypto'
import type { GeetestOptions } from 'express-geetest'
import { createSimulator, type Simulator } from 'express-geetest/simulator'

type Environment = Readonly<Record<string, string | undefined>>

/** The plugin's options, and the simulator if that is the cloud. */
export interface Cloud {
  readonly options: GeetestOptions
  /** The same of version 4; absent where the environment has an id of version 3 alone. */
  readonly options4?: GeetestOptions
  readonly simulator?: Simulator
}

export async function cloudFromEnvironment(env: Environment): Promise<Cloud> {
  const own = account(env, 'GEETEST')
  const own4 = account(env, 'GEETEST4')
  const downtime = (env.GEETEST_DOWNTIME || undefined) as GeetestOptions['downtime']
  if (own) {
    return { options: { ...own, downtime }, ...(own4 && { options4: { ...own4, version: 4, downtime } }) }
  }
  const simulator = createSimulator()
  await simulator.start()
  console.log(`No GEETEST_ID and GEETEST_KEY in the environment: the captcha is a simulator, at ${simulator.url}`)
  const { captchaId, privateKey, url: apiServer } = simulator
  const simulated = { captchaId, privateKey, apiServer }
  return {
    options: { ...simulated, downtime },
    options4: { ...(own4 ?? simulated), version: 4, downtime },
    simulator,
  }
}

/** An account of the vendor's, from three variables that begin alike. */
function account(env: Environment, prefix: 'GEETEST' | 'GEETEST4') {
  const [captchaId, privateKey, apiServer] = ['ID', 'KEY', 'API_SERVER'].map(
    (name) => env[`${prefix}_${name}`] || undefined,
  )
  if (captchaId && privateKey) return { captchaId, privateKey, apiServer }
  if (!captchaId && !privateKey && !apiServer) return undefined
  throw new Error(
    `demo: set ${prefix}_ID and ${prefix}_KEY together (${prefix}_API_SERVER goes with them), or none of them`,
  )
}

export const portAsked = ({ PORT = '5000' }: Environment): number => Number(PORT || '5000')

export function port({ PORT = '5000' }: Environment): number {
  const number = Number(PORT || '5000')
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new Error(`demo: PORT is ${JSON.stringify(PORT)}; write a number from 0 to 65535`)
}

/** Without SESSION_SECRET every start of the demo makes one up, and earlier sessions end. */
export const sessionSecret = ({ SESSION_SECRET }: Environment): string =>
  SESSION_SECRET || randomBytes(32).toString('hex')
