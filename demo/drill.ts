// The switch that takes the simulated cloud down, so that anyone can see what an outage looks like. Against a real cloud
// there is nothing to switch, and the page is told so.
import { Router, json } from 'express'
import type { Simulator } from 'express-geetest/simulator'

export function drill(simulator: Simulator | undefined): Router {
  let down = false
  const router = Router()
  router.get('/drill', (_req, res) => void res.json({ available: simulator !== undefined, down }))
  if (simulator === undefined) return router
  router.post('/drill', json(), (req, res, next) => {
    down = (req.body as { down?: unknown } | undefined)?.down === true
    simulator.fault(down ? 'refuse' : 'none').then(() => res.json({ down }), next)
  })
  return router
}
