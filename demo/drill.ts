// The switch that takes the simulated cloud down, so that anyone can see what an outage looks like. Against a real cloud
// there is nothing to switch, and the page is told so.
import { Router, json, type RequestHandler } from 'express'
import type { Simulator } from 'express-geetest/simulator'
import { isLocal } from './listen'

/** Whether the cloud is down, and how to change that; in a cluster it is another process that knows. */
export interface CloudSwitch {
  isDown(): Promise<boolean>
  set(down: boolean): Promise<void>
}

export function switchOf(simulator: Simulator): CloudSwitch {
  let down = false
  return {
    isDown: () => Promise.resolve(down),
    async set(wanted) {
      await simulator.fault(wanted ? 'refuse' : 'none')
      down = wanted
    },
  }
}

/** A name that somebody else has pointed at this machine, or a proxy that lets the world in, does not reach the switch. */
const fromHere: RequestHandler = ({ hostname }, _res, next) =>
  next(hostname && isLocal(hostname.replace(/^\[|\]$/g, '')) ? undefined : 'route')

/** @param isOut whether the site takes the cloud for gone: it notices a little later than the switch is pressed */
export function drill(cloud: CloudSwitch | undefined, isOut: () => boolean): Router {
  const router = Router()
  if (cloud !== undefined) {
    router.get('/drill', fromHere, (_req, res, next) => {
      cloud.isDown().then((down) => res.json({ available: true, down, outage: isOut() }), next)
    })
    router.post('/drill', fromHere, json(), (req, res, next) => {
      const down = (req.body as { down?: unknown } | undefined)?.down === true
      cloud.set(down).then(() => res.json({ down }), next)
    })
  }
  router.get('/drill', (_req, res) => void res.json({ available: false, down: false, outage: false }))
  return router
}
