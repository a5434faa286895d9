import type { IncomingMessage, ServerResponse } from 'node:http'
import express, { type Express } from 'express'
import session from 'express-session'
import { geetest, type Effects, type GeetestOptions, type GuardOptions, type TicketStore } from '../../../lib'
import { ending, errorsAsJson, visitor, type Agent } from '../../support/site'

/**
 * Two nodes of one site behind a balancer that takes turns: they share sessions and tickets and nothing else. `POST /login`
 * is guarded.
 */
export function twoNodes(
  options: GeetestOptions & { store: TicketStore },
  guard?: GuardOptions,
  effects?: Partial<Effects>,
): Agent {
  const sessions = session({
    secret: 'test',
    resave: false,
    saveUninitialized: false,
    store: new session.MemoryStore(),
  })
  function node(): Express {
    const captcha = ending(geetest(options, effects))
    const app = express().use(sessions, captcha)
    app.post('/login', captcha.validate(guard), (req, res) => void res.json(req.geetest))
    return app.use(errorsAsJson)
  }
  const nodes = [node(), node()]
  let turn = 0
  const balancer = (req: IncomingMessage, res: ServerResponse) => nodes[turn++ % nodes.length]?.(req, res)
  return visitor(balancer as Express)
}
