import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import { geetest, type Geetest } from '../../../lib'
import { createSimulator, type Simulator } from '../../../lib/simulator'
import { sessions } from '../../support/site'

/** A site whose pages use the form helper. */
export interface FormSite {
  readonly url: string
  readonly captcha: Geetest
  /** A scene of version 4, under `/v4`; what it guards is `/login4`. */
  readonly captcha4: Geetest
  readonly simulator: Simulator
  /** Bodies of all posts to `/login`, in order. */
  readonly posts: Array<Record<string, unknown>>
  /** Sessions of all calls for a challenge, in order. */
  readonly sessions: string[]
  /** Serves a page from now on, under a Content-Security-Policy without inline code unless another is given. */
  show(path: string, html: string, policy?: string): void
  stop(): Promise<void>
}

/** Sends forms without leaving the page, and says what came of it; what the helper does, it does not ask. */
const FETCH = `document.addEventListener('submit', function (event) {
  event.preventDefault()
  var body = new URLSearchParams(new FormData(event.target, event.submitter))
  fetch(event.target.action, { method: 'POST', headers: { Accept: 'application/json' }, body: body })
    .then(function (response) { return response.json() })
    .then(function (reply) { document.getElementById('said').textContent = reply.code || 'welcome' })
})`

export async function startFormSite(): Promise<FormSite> {
  const simulator = createSimulator()
  await simulator.start()
  const { captchaId, privateKey, url: apiServer } = simulator
  const keys = { captchaId, privateKey, apiServer, timeout: 30_000 }
  const captcha = geetest(keys)
  const register = geetest({ ...keys, scene: 'register' })
  const captcha4 = geetest({ ...keys, scene: 'four', version: 4 })
  const pages = new Map<string, { readonly html: string; readonly policy?: string | undefined }>()
  const posts: FormSite['posts'] = []
  const asked: string[] = []

  const app = express()
  app.use((_req, res, next) => {
    res.set('Content-Security-Policy', `default-src 'self'; script-src 'self' ${apiServer}`)
    next()
  })
  app.use(sessions())
  app.use((req, _res, next) => {
    if (req.path.endsWith('/getcaptcha')) asked.push(req.sessionID)
    next()
  })
  app.use(captcha)
  app.use('/register', register)
  app.use('/v4', captcha4)
  app.get('/fetch.js', (_req, res) => void res.type('js').send(FETCH))
  app.use((req, res, next) => {
    const page = req.method === 'GET' ? pages.get(req.path) : undefined
    if (page === undefined) return next()
    if (page.policy !== undefined) res.set('Content-Security-Policy', page.policy)
    res.type('html').send(page.html)
  })
  app.use(express.urlencoded({ extended: false }))
  for (const [path, guard] of [
    ['/login', captcha],
    ['/signup', register],
    ['/login4', captcha4],
  ] as const) {
    app.post(path, (req, _res, next) => {
      posts.push(req.body as Record<string, unknown>)
      next()
    })
    app.post(path, guard.validate(), (req, res, next) => {
      if ((req.body as { password?: string }).password === 'right') answer(res, 200, 'welcome')
      else next({ status: 401, code: 'wrong_password' })
    })
  }
  app.use(failed)
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    captcha,
    captcha4,
    simulator,
    posts,
    sessions: asked,
    show: (path, html, policy) => void pages.set(path, { html, policy }),
    stop: async () => {
      captcha.close()
      register.close()
      captcha4.close()
      server.closeAllConnections()
      server.close()
      await simulator.stop()
    },
  }
}

function answer(res: express.Response, status: number, code: string): void {
  res.status(status)
  if (res.req.accepts(['html', 'json']) === 'json') return void res.json(status === 200 ? {} : { code })
  res.send(`<!doctype html><title>${code}</title><h1>${code}</h1>`)
}

const failed: ErrorRequestHandler = (error, _req, res, _next) => {
  answer(res, error.status ?? 500, String(error.code ?? error))
}
