// The demo in one process: npm run demo
import type { AddressInfo } from 'node:net'
import { switchOf } from './drill'
import { cloudFromEnvironment, port } from './environment'
import { createSite } from './site'
import { storesFromEnvironment } from './stores'

async function main(): Promise<void> {
  const geetestCloud = await cloudFromEnvironment(process.env)
  const { simulator } = geetestCloud
  const stores = await storesFromEnvironment(process.env)
  const server = createSite(geetestCloud, stores, simulator && switchOf(simulator)).listen(
    port(process.env),
    (error?: Error) => {
      if (error) throw error
      const { port: number } = server.address() as AddressInfo
      console.log(`express-geetest demo: http://localhost:${number}  (demo / demo)`)
    },
  )
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
