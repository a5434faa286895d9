// A simulator that the frame's block meets as its cloud, by option and by environment.
import { createSimulator } from 'express-geetest/simulator'

export const simulator = createSimulator()
await simulator.start()
export const { captchaId, privateKey, url: apiServer } = simulator
process.env.GEETEST_ID = captchaId
process.env.GEETEST_KEY = privateKey
process.env.GEETEST_API_SERVER = apiServer
process.env.SESSION_SECRET = 'a secret of these tests'

/** Ends the process with everything in it, once what the frame had to see was seen. */
export function done() {
  process.exit(0)
}
