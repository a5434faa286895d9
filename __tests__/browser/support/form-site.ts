import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import type { Locator, Page } from 'playwright-core'
import { geetest, type Geetest } from '../../../lib'
import { createSimulator, type Simulator } from '../../../lib/simulator'
import { sessions } from '../../support/site'
import { buildForm, buildLoader, buildOffline, buildWidget } from './bundles'
import { place } from './login-page'

/** A site whose pages use the form helper. */
export interface FormSite {
  readonly url: string
  readonly captcha: Geetest
  readonly simulator: Simulator
  /** Bodies of all posts to `/login`, in order. */
  readonly posts: Array<Record<string, unknown>>
  /** Sessions of all calls for a challenge, in order. */
  readonly sessions: string[]
  /** Serves a page from now on, under a Content-Security-Policy without inline code. */
  show(path: string, html: string): void
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
  buildForm()
  buildLoader()
  buildOffline()
  buildWidget()
  const simulator = createSimulator()
  await simulator.start()
  const { captchaId, privateKey, url: apiServer } = simulator
  const keys = { captchaId, privateKey, apiServer, timeout: 5000 }
  const captcha = geetest(keys)
  const register = geetest({ ...keys, scene: 'register' })
  const pages = new Map<string, string>()
  const posts: FormSite['posts'] = []
  const asked: string[] = []

  const app = express()
  app.use((_req, res, next) => {
    res.set('Content-Security-Policy', `default-src 'self'; script-src 'self' ${apiServer}`)
    next()
  })
  app.use(sessions())
  app.use('/*splat', (req, _res, next) => {
    if (req.originalUrl.endsWith('/getcaptcha')) asked.push(req.sessionID)
    next()
  })
  app.use(captcha)
  app.use('/register', register)
  app.get('/fetch.js', (_req, res) => void res.type('js').send(FETCH))
  app.use((req, res, next) => {
    const page = req.method === 'GET' ? pages.get(req.path) : undefined
    if (page === undefined) return next()
    res.type('html').send(page)
  })
  app.use(express.urlencoded({ extended: false }))
  for (const [path, guard] of [
    ['/login', captcha],
    ['/signup', register],
  ] as const) {
    app.post(path, (req, _res, next) => {
      posts.push(req.body as Record<string, unknown>)
      next()
    })
    app.post(path, guard.validate(), (req, res, next) => {
      if ((req.body as { password?: string }).password === 'right') return void answer(res, 200, 'welcome')
      next({ status: 401, code: 'wrong_password' })
    })
  }
  app.use(failed)
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    captcha,
    simulator,
    posts,
    sessions: asked,
    show: (path, html) => void pages.set(path, html),
    stop: async () => {
      captcha.close()
      register.close()
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

export interface FormOptions {
  /** Of the form, as in HTML. */
  readonly attributes?: string
  readonly lang?: string
  /** Sent by script, without leaving the page. */
  readonly fetch?: boolean
  readonly action?: string
  readonly id?: string
}

/** A login form, as README writes it. */
export const form = ({ attributes = '', action = '/login', id = 'form' }: FormOptions = {}): string =>
  `<form id="${id}" data-geetest ${attributes} method="post" action="${action}">
    <p><label>Name <input name="username" value="demo"></label></p>
    <p><label>Password <input name="password" type="password" value="right"></label></p>
    <button>Log in</button> <button name="remember" value="yes">Log in and stay</button>
  </form>`

/** A page around forms. */
export function pageOf(body: string, { lang = 'en', fetch = false }: FormOptions = {}): string {
  const scripts = `<script src="/geetest-form.js"></script>${fetch ? '<script src="/fetch.js"></script>' : ''}`
  return `<!doctype html><html lang="${lang}"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in</title>${scripts}<main><h1>Log in</h1>${body}<p id="said"></p></main></html>`
}

export type State = 'loading' | 'ready' | 'solved' | 'spent' | 'error'

/** Waits for a state of the form. */
export const reach = (page: Page, state: State, id = 'form'): Promise<void> =>
  page.locator(`#${id}[data-geetest-state=${state}]`).waitFor({ state: 'attached' })

/** The helper's own line. */
export const line = (page: Page, id = 'form'): Locator => page.locator(`#${id} [data-geetest-here] > [role=alert]`)

/** The button that sends the form. */
export const login = (page: Page, id = 'form'): Locator => page.locator(`#${id} > button:not([name])`)

/** Drags the piece into the gap, wherever the one slider is that can be seen. */
export async function solve(page: Page, within = ''): Promise<void> {
  const handle = page.locator(`${within} .geetest_slider_button:visible`)
  await handle.and(page.locator(':not([aria-disabled=true])')).waitFor()
  await handle.and(page.locator('[data-gap]')).waitFor()
  const { x, y, gap } = await place(handle)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + gap / 2, y + 3)
  await page.mouse.move(x + gap, y, { steps: 3 })
  await page.mouse.up()
}
