import { randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import express from 'express'
import client, { Registry } from 'prom-client'
import { channelNames, geetest, proofOfWork, type Geetest, type GeetestOptions } from '../../../lib'
import { collect } from '../../../lib/prometheus'
import type { AnswerFields, Simulator } from '../../../lib/simulator'
import { prickEars, type Ears } from '../../support/ears'
import { cloud, credentials, ending, sessions, visitor, type Agent } from '../../support/site'
import { work } from '../../support/work'

/** What the tests of a file hear with; new before each test. */
export let simulator: Simulator
export let ears: Ears
export let metrics: Registry

/** Hears, in every test of this file, whatever leaves the process but by the wire to the cloud. */
export function overhear(): void {
  let stopCollecting: () => void
  const hear = (event: unknown): void => ears.look('channels', event)
  beforeAll(async () => {
    simulator = await cloud()
  })
  beforeEach(() => {
    ears = prickEars()
    ears.keep('private key', simulator.privateKey)
    metrics = new Registry()
    stopCollecting = collect(client, { register: metrics })
    for (const name of Object.values(channelNames)) subscribe(name, hear)
  })
  afterEach(async () => {
    for (const name of Object.values(channelNames)) unsubscribe(name, hear)
    stopCollecting()
    ears.stop()
    await simulator.fault('none')
  })
}

/** A site that shows to the ears whatever it gets from the plugin. */
export function site(options: Partial<GeetestOptions> = {}): { app: express.Express; captcha: Geetest } {
  const captcha = geetest({
    ...credentials(simulator),
    // Whatever a busy machine makes of the cloud, nobody has to work long.
    downtime: proofOfWork({ ...credentials(simulator), hashes: 4 }),
    timeout: 10_000,
    onEvent: (event) => ears.look('events', event),
    ...options,
  })
  ending(captcha)
  const app = express().use(sessions(), captcha)
  app.post('/login', captcha.validate({ uses: 2 }), (req, res) => {
    ears.look('req.geetest', req.geetest)
    res.json(req.geetest)
  })
  app.post('/verify', (req, res, next) => {
    captcha.verify(req).then((verdict) => {
      ears.look('verdicts', verdict)
      res.json(verdict)
    }, next)
  })
  app.get('/page', (req, res, next) => {
    captcha.issue(req).then((issue) => {
      ears.look('issues', issue)
      res.json(issue)
    }, next)
  })
  // Express's own last words, which go to the console in every environment but this one.
  app.set('env', 'development').post('/logged', captcha.validate(), (req, res) => void res.json(req.geetest))
  const look: express.ErrorRequestHandler = (error, req, res, next) => {
    ears.look('errors', error)
    if (req.path === '/logged') return next(error)
    res.status(error.status ?? 500).json({ code: error.code })
  }
  app.use(look)
  return { app, captcha }
}

const NOTHING: AnswerFields = { geetest_challenge: '', geetest_validate: '', geetest_seccode: '' }

/** Whatever is sent is secret, right or wrong. */
export function secret(fields: AnswerFields): AnswerFields {
  ears.keep('validate', fields.geetest_validate)
  ears.keep('seccode', fields.geetest_seccode)
  return fields
}

export function forged(fields: AnswerFields): AnswerFields {
  const validate = randomBytes(16).toString('hex')
  return secret({ ...fields, geetest_validate: validate, geetest_seccode: `${validate}|jordan` })
}

const unsigned = (fields: AnswerFields): AnswerFields =>
  secret({ ...fields, geetest_seccode: `${randomBytes(16).toString('hex')}|jordan` })

/** Fetches a challenge and answers it by what it asks for: the cloud's puzzle, or work. */
export async function answer(agent: Agent, path = '/getcaptcha'): Promise<AnswerFields> {
  const { body } = await agent.get(path)
  // A store that fails gives out nothing.
  if (body.challenge === undefined) return forged({ ...NOTHING, geetest_challenge: randomBytes(16).toString('hex') })
  return secret(body.success === 1 ? simulator.answer(body.challenge) : work(body.challenge))
}

/** One visitor who logs in honestly, again with the same answer, and with forgeries. */
export async function visit(app: express.Express): Promise<void> {
  const agent = visitor(app)
  const honest = await answer(agent)
  await agent.post('/login').send(honest)
  await agent.post('/login').send(honest)
  await agent.post('/login').send(forged(await answer(agent, '/page')))
  await agent.post('/verify').send(unsigned(await answer(agent)))
  await agent
    .post('/validate')
    .accept('json')
    .send(await answer(agent))
  await agent.post('/login').send({})
  await agent.post('/login').send({ ...forged(honest), geetest_challenge: ['x'] })
  await agent.post('/login').type('json').send('{"geetest_seccode": "')
}

export const times = (count: number, act: () => Promise<void>): Promise<void[]> =>
  Promise.all(Array.from({ length: count }, act))
