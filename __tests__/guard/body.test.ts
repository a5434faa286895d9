/** @express4 bodies */
import express, { type RequestHandler } from 'express'
import { geetest } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, sessions, solve, visitor } from '../support/site'

describe('a guard reads the body', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** A visitor of a site where `before` runs in front of the guard; the handler answers what is on req.body by then. */
  function open(before: RequestHandler) {
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.post('/login', before, captcha.validate(), (req, res) => void res.json({ body: req.body }))
    return visitor(app.use(errorsAsJson))
  }

  test('as a parser of the site’s own has left it, whatever is on the wire', async () => {
    let parsed: unknown
    const agent = open((req, _res, next) => {
      req.body = parsed
      next()
    })
    parsed = await solve(agent, simulator)
    const { body } = await agent.post('/login').send({ geetest_challenge: 'another' }).expect(200)
    expect(body).toEqual({ body: parsed })
  })

  test.each(['text', 7, ['geetest_challenge'], null])(
    'and finds no answer in %j that somebody has put there',
    async (left) => {
      const agent = open((req, _res, next) => {
        req.body = left
        next()
      })
      const answer = await solve(agent, simulator)
      const { body } = await agent.post('/login').send(answer).expect(403)
      expect(body.code).toBe('missing')
    },
  )

  test.each([undefined, {}])('itself where %j is all that was left', async (left) => {
    const agent = open((req, _res, next) => {
      req.body = left
      next()
    })
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
  })

  test('of a form as flat fields', async () => {
    const agent = open((_req, _res, next) => next())
    const answer = await solve(agent, simulator)
    const form = new URLSearchParams({ ...answer, 'user[name]': 'demo' }).toString()
    const { body } = await agent.post('/login').type('form').send(form).expect(200)
    expect(body.body).toMatchObject({ 'user[name]': 'demo' })
  })
})
