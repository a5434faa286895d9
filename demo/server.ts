// The demo in one process: npm run demo
import { switchOf } from './drill'
import { cloudFromEnvironment, port, portAsked } from './environment'
import { isLocal, listen, portTrouble } from './listen'
import { createSite } from './site'
import { storesFromEnvironment } from './stores'

async function main(): Promise<void> {
  const geetestCloud = await cloudFromEnvironment(process.env)
  const { simulator } = geetestCloud
  const stores = await storesFromEnvironment(process.env)
  const { HOST } = process.env
  // Whoever can reach the switch can take the cloud down.
  const cloud = simulator && isLocal(HOST) ? switchOf(simulator) : undefined
  const number = await listen(createSite(geetestCloud, stores, cloud), port(process.env), HOST)
  console.log(`express-geetest demo: http://localhost:${number}  (demo / demo)`)
}

main().catch((error: unknown) => {
  const asScript = process.env.npm_lifecycle_event === 'demo'
  const command = (other: number) =>
    asScript ? `PORT=${other} npm run demo` : `npx express-geetest demo --port ${other}`
  console.error(portTrouble(error, portAsked(process.env), command))
  process.exit(1)
})
