// What the environment says, turned into options. Without an id and a key of yours the cloud is a simulator.
import { randomBytes } from 'node:crypto'
import type { GeetestOptions } from 'express-geetest'
import { createSimulator, type Simulator } from 'express-geetest/simulator'

type Environment = Readonly<Record<string, string | undefined>>

/** The plugin's options, and the simulator if that is the cloud. */
export interface Cloud {
  readonly options: GeetestOptions
  readonly simulator?: Simulator
}

export async function cloudFromEnvironment(env: Environment): Promise<Cloud> {
  const {
    GEETEST_ID: captchaId,
    GEETEST_KEY: privateKey,
    GEETEST_API_SERVER: apiServer,
    GEETEST_DOWNTIME: downtime,
  } = env
  const common = { downtime: (downtime || undefined) as GeetestOptions['downtime'] }
  if (captchaId && privateKey)
    return { options: { ...common, captchaId, privateKey, apiServer: apiServer || undefined } }
  if (captchaId || privateKey || apiServer) {
    throw new Error(
      'demo: set GEETEST_ID and GEETEST_KEY together (GEETEST_API_SERVER goes with them), or none of them',
    )
  }
  const simulator = createSimulator()
  await simulator.start()
  console.log(`No GEETEST_ID and GEETEST_KEY in the environment: the captcha is a simulator, at ${simulator.url}`)
  const { url } = simulator
  return {
    options: { ...common, captchaId: simulator.captchaId, privateKey: simulator.privateKey, apiServer: url },
    simulator,
  }
}

export function port({ PORT = '5000' }: Environment): number {
  const number = Number(PORT)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new Error(`demo: PORT is ${JSON.stringify(PORT)}; write a number from 0 to 65535`)
}

/** Without SESSION_SECRET every start of the demo makes one up, and earlier sessions end. */
export const sessionSecret = ({ SESSION_SECRET }: Environment): string =>
  SESSION_SECRET || randomBytes(32).toString('hex')
