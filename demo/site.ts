// The demo's site: wiring, and nothing else. It imports the package by its public name, as a site of yours would.
import { join } from 'node:path'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { geetest, GeetestError } from 'express-geetest'
import { drill, type CloudSwitch } from './drill'
import type { Cloud } from './environment'
import type { Stores } from './stores'
import { languageOf, resultPage, type Outcome } from './words'

/** An apiServer on this machine: a simulator. */
const LOCAL = /^https?:\/\/(localhost|127\.|\[::1\])/

declare module 'express-session' {
  interface SessionData {
    greeted?: true
    account?: string
  }
}

export function createSite({ options, options4 }: Cloud, { sessions, tickets }: Stores, cloud?: CloudSwitch): Express {
  const captcha = geetest({ ...options, store: tickets })
  const captcha4 = options4 && geetest({ ...options4, scene: 'v4', store: tickets })
  const app = express()
  app.disable('x-powered-by')
  // In front of the session: what becomes of its store is no matter to them.
  app.use(captcha.scripts)
  app.use(sessions)
  app.use(captcha)
  if (captcha4) app.use('/v4', captcha4)
  app.use(drill(cloud, () => [captcha, captcha4].some((one) => one?.status.mode === 'down')))

  // Three widgets on one page register at the same time. Without a session before that, a newcomer would get three.
  app.get('/classic.html', (req, _res, next) => {
    req.session.greeted = true
    next()
  })
  app.get('/mode', (req, res) => {
    const online = req.session.geetest?.gt_server_status !== 0
    const { apiServer = '' } = (req.query.version === '4' && options4) || options
    res.json({
      mode: !online ? 'downtime' : LOCAL.test(apiServer) ? 'simulator' : 'cloud',
      versions: captcha4 ? [3, 4] : [3],
    })
  })
  app.use(express.static(join(__dirname, 'page')))

  app.post('/login', captcha.validate(), login)
  if (captcha4) app.post('/v4/login', captcha4.validate(), login)
  // Where a browser is after its login, however often it asks.
  app.get('/welcome', (req, res) => {
    if (req.session.account === undefined) return res.redirect(303, '/')
    answer(req, res, 200, 'success')
  })
  app.use(denied)
  return app
}

const login: RequestHandler = (req, res, next) => {
  // No body at all, where a pass opened the way.
  const { username, password } = (req.body ?? {}) as Record<string, unknown>
  if (username !== 'demo' || password !== 'demo') return answer(req, res, 401, 'wrong_password')
  // A new session id for a logged-in visitor: nothing that was fixed before the login lives on.
  req.session.regenerate((error) => {
    if (error) return next(error)
    req.session.account = username
    answer(req, res, 200, 'success')
  })
}

const denied: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (!GeetestError.is(error)) return next(error)
  res.set(error.headers)
  answer(req, res, error.status, error.code)
}

/** Where a form stands: the pages beside the first have it bring their name along. */
const pageOf = (name: unknown) => (name === 'classic' ? '/classic.html' : name === 'v4' ? '/v4.html' : '/')

/** JSON for scripts, a page in words for a browser that posted a form. */
function answer(req: Request, res: Response, status: number, outcome: Outcome): void {
  res.status(status)
  if (req.accepts(['json', 'html']) === 'html') {
    const language = languageOf(req.query.lang, req.acceptsLanguages('zh', 'en'))
    return void res.send(resultPage(outcome, language, pageOf(req.query.page)))
  }
  res.json(outcome === 'success' ? { result: 'success' } : { result: 'fail', code: outcome })
}
