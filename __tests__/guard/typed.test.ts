/** @express5 types, and what they stand for */
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { geetest, GeetestError, type Geetest, type Guard } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, ending, errorsAsJson, sessions, solve, visitor } from '../support/site'

/** Whether two types are one. `any` is no other type but `any`. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- by which the compiler compares, not assigns
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles where both are one type, and where not, not. */
const same = <A, B>(_proof: Same<A, B>): void => undefined

interface Body {
  username: string
}
type Typed = Request<{ id: string }, { done: boolean }, Body, { page: string }, { trace: string }>

let simulator: Simulator
let captcha: Geetest
beforeAll(async () => {
  simulator = await cloud()
  captcha = ending(geetest(credentials(simulator)))
})

test('a guard leaves the handlers behind it the types of their parameters, bodies, queries and locals', async () => {
  const app = express().use(sessions(), captcha)
  app.post('/items/:id/:part', captcha.validate({ uses: 2 }), (req, res) => {
    same<typeof req.params.part, string>(true)
    same<typeof req.params.id, string>(true)
    res.json([req.params.id, req.params.part, req.geetest?.via])
  })
  app.post<{ id: string }, unknown, Body>('/typed/:id', captcha.validate(), (req, res) => {
    same<typeof req.body, Body>(true)
    same<typeof req.params.id, string>(true)
    res.json([req.params.id, req.body.username])
  })
  app.post('/late/:id', captcha.validate(), (req: Typed, res: Response<{ done: boolean }>) => {
    same<typeof req.query.page, string>(true)
    res.json({ done: req.body.username !== '' })
  })
  app.route('/route/:id').post(captcha.validate(), (req, res) => {
    same<typeof req.params.id, string>(true)
    res.end()
  })
  app.post(/^\/free/, captcha.validate(), (_req, res) => res.end())
  app.use('/all', captcha.validate(), (_req, res) => res.end())
  express.Router().post('/:name', [captcha.validate()], (req: Request<{ name: string }>, res: Response) => {
    res.send(req.params.name)
  })

  app.use(errorsAsJson)
  const agent = visitor(app)
  const [first, second] = [await solve(agent, simulator), await solve(agent, simulator)]
  await agent.post('/items/7/front').send(first).expect(200, ['7', 'front', 'answer'])
  await agent
    .post('/typed/8')
    .send({ ...second, username: 'demo' })
    .expect(200, ['8', 'demo'])
})

test('a guard is middleware wherever one is wanted', () => {
  const plain: RequestHandler = captcha.validate()
  const typed: RequestHandler<{ id: string }, unknown, Body> = captcha.validate()
  const guard: Guard = captcha.validate()
  const called = (req: Typed, res: Response<{ done: boolean }, { trace: string }>, next: NextFunction) =>
    guard(req, res, next)
  expect([plain, typed, guard, called].map((one) => one.length)).toEqual([3, 3, 3, 3])
})

test('verify and issue take requests of every type', async () => {
  const app = express().use(sessions(), captcha)
  app.post('/typed/:id', async (req: Typed, res: Response<{ done: boolean }>) => {
    const verdict = await captcha.verify(req, { uses: 2, answer: ({ body }) => body })
    if (verdict.ok) same<typeof verdict.via, 'answer' | 'pass' | 'none'>(true)
    else same<typeof verdict.code, ConstructorParameters<typeof GeetestError>[0] & typeof verdict.code>(true)
    res.json({ done: verdict.ok })
  })
  app.get('/page/:id', async (req: Request<{ id: string }>, res) => void res.json(await captcha.issue(req)))
  const agent = visitor(app)
  const { body } = await agent.get('/page/1')
  await agent.post('/typed/1').send(simulator.answer(body.challenge)).expect(200, { done: true })
})

test('instanceof narrows to GeetestError', () => {
  const caught: unknown = GeetestError.because('missing')
  if (!(caught instanceof GeetestError)) throw new Error('it is one')
  same<typeof caught, GeetestError>(true)
  expect(caught.code).toBe('missing')
})
