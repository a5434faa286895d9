// The demo: wiring, and nothing else. It imports the package by its public name, as a site of yours would.
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express, { type ErrorRequestHandler, type Request, type Response } from 'express'
import { geetest, GeetestError } from 'express-geetest'
import session from 'express-session'
import { drill } from './drill'
import { cloudFromEnvironment, port, sessionSecret } from './environment'
import { languageOf, resultPage, type Outcome } from './words'

declare module 'express-session' {
  interface SessionData {
    greeted?: true
    account?: string
  }
}

async function main(): Promise<void> {
  const { options, simulator } = await cloudFromEnvironment(process.env)
  const captcha = geetest(options)
  const app = express()
  app.disable('x-powered-by')
  app.use(
    session({
      secret: sessionSecret(process.env),
      resave: false,
      saveUninitialized: false,
      cookie: { sameSite: 'lax' },
    }),
  )
  app.use(captcha)
  app.use(drill(simulator))

  // Three widgets on one page register at the same time. Without a session before that, a newcomer would get three.
  app.get('/', (req, _res, next) => {
    req.session.greeted = true
    next()
  })
  app.use(express.static(join(__dirname, 'page')))

  app.post('/login', captcha.validate(), (req, res, next) => {
    // No body at all, where a pass opened the way.
    const { username, password } = (req.body ?? {}) as Record<string, unknown>
    if (username !== 'demo' || password !== 'demo') return answer(req, res, 401, 'wrong_password')
    // A new session id for a logged-in visitor: nothing that was fixed before the login lives on.
    req.session.regenerate((error) => {
      if (error) return next(error)
      req.session.account = username
      answer(req, res, 200, 'success')
    })
  })
  app.use(denied)

  const server = app.listen(port(process.env), (error?: Error) => {
    if (error) throw error
    const { port: number } = server.address() as AddressInfo
    console.log(`express-geetest demo: http://localhost:${number}  (demo / demo)`)
  })
}

const denied: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (!GeetestError.is(error)) return next(error)
  res.set(error.headers)
  answer(req, res, error.status, error.code)
}

/** JSON for scripts, a page in words for a browser that posted a form. */
function answer(req: Request, res: Response, status: number, outcome: Outcome): void {
  res.status(status)
  if (req.accepts(['json', 'html']) === 'html') {
    return void res.send(resultPage(outcome, languageOf(req.query.lang, req.acceptsLanguages('zh', 'en'))))
  }
  res.json(outcome === 'success' ? { result: 'success' } : { result: 'fail', code: outcome })
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
