import express, { type ErrorRequestHandler, type Express } from 'express'
import session from 'express-session'
import request from 'supertest'
import { geetest, type Effects, type Geetest, type GeetestOptions, type GuardOptions } from '../../lib'
import { createSimulator, type AnswerFields, type Simulator, type SimulatorOptions } from '../../lib/simulator'

export type Agent = ReturnType<typeof request.agent>

const running: Simulator[] = []
afterAll(() => Promise.all(running.map((simulator) => simulator.stop())))

/** A running simulator that stops after the tests of this file. */
export async function cloud(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = createSimulator(options)
  await simulator.start()
  running.push(simulator)
  return simulator
}

const open: Geetest[] = []
afterAll(() => open.forEach((captcha) => captcha.close()))

/** A plugin that ends with the tests of this file: what it did later, channels would tell to those of the next. */
export function ending(captcha: Geetest): Geetest {
  open.push(captcha)
  return captcha
}

/** What it takes to reach a simulator, and to wait for it however busy the machine is: only a cloud that hangs is too late. */
export const credentials = ({ captchaId, privateKey, url }: Simulator) => ({
  captchaId,
  privateKey,
  apiServer: url,
  timeout: 30_000,
})

/** The session middleware as README writes it. */
export const sessions = () => session({ secret: 'test', resave: false, saveUninitialized: false })

/** Answers every error as JSON, as an API would. */
export const errorsAsJson: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(error.status ?? 500).json({ code: error.code ?? 'none', message: error.message })
}

/** A site whose `POST /login` is guarded and answers what the guard found. */
export function site(
  options: GeetestOptions,
  effects?: Partial<Effects>,
  guard?: GuardOptions,
): { app: Express; captcha: Geetest } {
  // Those who want to see warnings turn them on; they would fill what the tests print.
  const captcha = ending(geetest({ warnings: false, ...options }, effects))
  const app = express()
  app.use(sessions())
  app.use(captcha)
  app.post('/login', captcha.validate(guard), (req, res) => void res.json(req.geetest))
  app.use(errorsAsJson)
  return { app, captcha }
}

/** A visitor: cookies are kept. */
export const visitor = (app: Express): Agent => request.agent(app)

/** Fetches a challenge and solves it in the simulator, as a visitor would. */
export async function solve(agent: Agent, simulator: Simulator, slide = false): Promise<AnswerFields> {
  const { body } = await agent.get('/getcaptcha').expect(200)
  return simulator.answer(body.challenge, { slide })
}
