import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import express from 'express'
import type { Page } from 'playwright-core'
import { geetest } from '../../lib'
import { cloud, credentials, sessions } from '../support/site'

import { describeInChromium } from './support/chromium'
import { solve } from './support/form-page'

// Installed by `npm run test:sdks`, which the test command runs first.
const wrappers = join(__dirname, 'wrappers')

/** As a bundler would put it together for a site. */
function bundle(input: string): string {
  const options = ['--bundle', '--define:process.env.NODE_ENV="production"', '--log-level=error']
  const program = join(__dirname, '../../node_modules/.bin/esbuild')
  return execFileSync(program, options, { cwd: wrappers, input, encoding: 'utf8' })
}

/** What the page does with the three fields, whoever has drawn the captcha. */
const SEND = `function send(validate) {
  return fetch('/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(validate),
  }).then(function (response) { document.title = String(response.status) })
}
function register() {
  return fetch('/getcaptcha?t=' + Date.now()).then(function (response) { return response.json() })
}`

/** A component as README of react-geetest has it; "off" takes it off the page. */
const REACT = `import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import Geetest from 'react-geetest'
${SEND}
register().then(function (data) {
  const root = createRoot(document.getElementById('root'))
  root.render(createElement(Geetest, {
    gt: data.gt,
    challenge: data.challenge,
    offline: !data.success,
    newCaptcha: data.new_captcha,
    lang: 'en',
    product: new URLSearchParams(location.search).get('product'),
    onReady: function () { document.title = 'ready' },
    onSuccess: send,
  }))
  document.getElementById('off').onclick = function () { root.unmount() }
})`

/** The pages of the vendor's documentation: one that is drawn, and one that is opened by a button of the page. */
const DRAWN = (product: string): string => `${SEND}
register().then(function (data) {
  initGeetest({
    gt: data.gt,
    challenge: data.challenge,
    offline: !data.success,
    new_captcha: data.new_captcha,
    product: '${product}',
    width: '300px',
    lang: 'en',
    https: false,
  }, function (captchaObj) {
    captchaObj.appendTo('#root')
    captchaObj.onReady(function () {
      document.title = 'ready'
    }).onSuccess(function () {
      send(captchaObj.getValidate())
    }).onError(function (error) {
      document.title = error.error_code
    })
    document.getElementById('off').onclick = function () { captchaObj.destroy() }
  })
})`
const BOUND = `${SEND}
register().then(function (data) {
  initGeetest({
    gt: data.gt,
    challenge: data.challenge,
    offline: !data.success,
    new_captcha: data.new_captcha,
    product: 'bind',
    lang: 'en',
  }, function (captchaObj) {
    captchaObj.onReady(function () {
      document.title = 'ready'
    }).onSuccess(function () {
      var result = captchaObj.getValidate()
      if (!result) return alert('unsolved')
      send({
        geetest_challenge: result.geetest_challenge,
        geetest_validate: result.geetest_validate,
        geetest_seccode: result.geetest_seccode,
      }).then(function () { captchaObj.reset() })
    })
    document.getElementById('open').onclick = function () { captchaObj.verify() }
    document.getElementById('off').onclick = function () { captchaObj.destroy() }
  })
})`
const BUTTON = `${SEND}
register().then(function (data) {
  initGeetest({
    gt: data.gt,
    challenge: data.challenge,
    offline: !data.success,
    new_captcha: data.new_captcha,
    product: 'popup',
    lang: 'en',
  }, function (captchaObj) {
    captchaObj.bindButton('#open')
    captchaObj.appendTo('#root')
    captchaObj.onReady(function () { document.title = 'ready' })
    captchaObj.onSuccess(function () { send(captchaObj.getValidate()) })
    document.getElementById('off').onclick = function () { captchaObj.destroy() }
  })
})`

const PAGES: Record<string, string> = {
  react: bundle(REACT),
  popup: DRAWN('popup'),
  float: DRAWN('float'),
  embed: DRAWN('embed'),
  verify: BOUND,
  bindButton: BUTTON,
}

describeInChromium('pages written for the vendor’s gt.js and for react-geetest', (open) => {
  let url: string
  let api: string
  let captcha: ReturnType<typeof geetest>
  let stop = () => {}

  beforeAll(async () => {
    const simulator = await cloud()
    api = simulator.url
    captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.get('/page/:name.js', (req, res) => void res.type('js').send(PAGES[req.params.name]))
    app.get('/page/:name', ({ params: { name } }, res) => {
      res.send(`<!doctype html><title>page</title><button id="open">open</button><button id="off">off</button>
        <div id="root"></div><script src="/gt.js"></script><script src="/page/${name}.js"></script>`)
    })
    app.post('/login', captcha.validate(), (_req, res) => void res.json({}))
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    stop = () => {
      captcha.close()
      server.closeAllConnections()
      server.close()
    }
  })
  afterEach(() => captcha.force(undefined))
  afterAll(() => stop())

  /** A page that asks the vendor's cloud, as it was written; the simulator answers in its name. */
  async function visit(path: string): Promise<Page> {
    const { page } = await open()
    await page.route('http://api.geetest.com/**', async (route) => {
      const asked = new URL(route.request().url())
      await route.fulfill({ response: await route.fetch({ url: api + asked.pathname + asked.search }) })
    })
    await page.goto(`${url}/page/${path}`)
    await title(page, 'ready')
    return page
  }

  const title = (page: Page, text: string): Promise<unknown> => page.waitForFunction(`document.title === '${text}'`)
  const bar = (page: Page) => page.locator('.geetest_radar_btn').click()
  const opener = (page: Page) => page.locator('#open').click()

  const cases: Array<[string, (page: Page) => Promise<void>]> = [
    ['react?product=popup', bar],
    ['react?product=float', bar],
    ['popup', bar],
    ['float', bar],
    ['embed', bar],
    ['verify', opener],
    ['bindButton', opener],
  ]

  test.each(cases)('%s: draws, passes, and is taken by the guard', async (path, start) => {
    const page = await visit(path)
    await start(page)
    await solve(page)
    await title(page, '200')
    expect(await page.title()).toBe('200')
  })

  test.each(cases)('%s: does so in an outage', async (path) => {
    captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    const page = await visit(path)
    if (path === 'verify' || path === 'bindButton') await opener(page)
    else await page.getByRole('checkbox').click()
    await title(page, '200')
    expect(await page.title()).toBe('200')
  })

  test.each(cases)('%s: takes it off the page', async (path) => {
    const page = await visit(path)
    await page.locator('#off').click()
    expect(await page.locator('[class*=geetest_]').count()).toBe(0)
  })
})
