/** @express4 errors after an answer */
import express, { type ErrorRequestHandler } from 'express'
import { once } from 'node:events'
import { geetest } from '../../lib'
import { cloud, credentials, sessions, visitor } from '../support/site'

/** A site whose own time-out answers everything before the plugin does; tells what reached its error handler. */
async function impatient() {
  const simulator = await cloud()
  const captcha = geetest(credentials(simulator))
  const errors: unknown[] = []
  const keep: ErrorRequestHandler = (error, _req, _res, _next) => void errors.push(error.code)
  const done = new EventTarget()
  const app = express().use(sessions(), (_req, res, next) => {
    res.status(504).end('too late')
    next()
  })
  app.use(captcha)
  app.post('/login', captcha.validate({ onDeny: () => void done.dispatchEvent(new Event('denied')) }))
  return { simulator, agent: visitor(app.use(keep)), errors, denied: once(done, 'denied') }
}

describe('where a site has answered already', () => {
  test('GET /getcaptcha has nothing to add, and nothing to complain of', async () => {
    const { simulator, agent, errors } = await impatient()
    await agent.get('/getcaptcha').expect(504, 'too late')
    while (simulator.calls.length === 0) await new Promise(setImmediate)
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toEqual([])
  })

  test('POST /validate has nothing to add, and nothing to complain of', async () => {
    const { agent, errors } = await impatient()
    await agent.post('/validate').send({}).expect(504, 'too late')
    for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    expect(errors).toEqual([])
  })

  test('a guard still denies', async () => {
    const { agent, errors, denied } = await impatient()
    await agent.post('/login').expect(504, 'too late')
    await denied
    expect(errors).toEqual([])
  })
})
