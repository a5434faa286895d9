/// <reference lib="dom" />
// What the smallest page with a captcha asks for until the visitor can use it, in Chromium: every request and its bytes, with the
// cloud there and in an outage. Then how much a first host that is dead or hangs delays that.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import session from 'express-session'
import { chromium, type Browser } from 'playwright-core'
import { geetest } from '../lib'
import { createSimulator, type Simulator } from '../lib/simulator'

const PAGE = `<!doctype html><meta charset="utf-8"><title>Log in</title><link rel="icon" href="data:,">
<form method="post" action="/login"><div id="captcha"></div><button>Log in</button></form>
<script src="/gt.js"></script><script src="/page.js"></script>`

/** As README writes it; what the address of the page says beside goes into the configuration. */
const script = `fetch('/getcaptcha').then(function (response) { return response.json() }).then(function (data) {
  var config = JSON.parse(decodeURIComponent(location.hash.slice(1) || '{}'))
  initGeetest(Object.assign({
    gt: data.gt, challenge: data.challenge, offline: !data.success, new_captcha: data.new_captcha,
    api_server: data.api_server, protocol: data.protocol, product: 'embed', lang: 'en'
  }, config), function (captcha) {
    captcha.onReady(function () { document.title = 'ready' }).appendTo('#captcha')
  })
})`

/** What is promised of a first host, in milliseconds. */
const LIMITS = { dead: 1000, hanging: 1500 }
/** So many pages for each median. */
const PAGES = 5

interface Server {
  readonly name: string
  readonly close: () => void
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { name, close: () => server.close().closeAllConnections() }
}

async function openSite({ captchaId, privateKey, url: apiServer }: Simulator) {
  const captcha = geetest({ captchaId, privateKey, apiServer })
  const app = express().use(session({ secret: 'bench', resave: false, saveUninitialized: false }), captcha)
  app.get('/', (_req, res) => void res.send(PAGE))
  app.get('/page.js', (_req, res) => void res.type('js').send(script))
  const server = await listen(app)
  const close = (): void => {
    captcha.close()
    server.close()
  }
  return { captcha, name: server.name, close }
}

interface Request {
  readonly what: string
  readonly from: string
  readonly bytes: number
}

/** Opens the page as a first-time visitor, until the captcha can be used. */
async function visit(browser: Browser, site: string, config: object = {}) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const requests: Promise<Request>[] = []
  page.on('request', (request) => {
    const { host, pathname, protocol } = new URL(request.url())
    if (!protocol.startsWith('http')) return
    const from = host === site ? 'site' : 'cloud'
    const row = async (): Promise<Request> => {
      const body = (await (await request.response())?.body().catch(() => undefined)) ?? Buffer.alloc(0)
      return { what: pathname, from, bytes: body.length }
    }
    requests.push(row().catch(() => ({ what: pathname, from, bytes: 0 })))
  })
  const begun = performance.now()
  await page.goto(`http://${site}/#${encodeURIComponent(JSON.stringify(config))}`, { waitUntil: 'commit' })
  await page.waitForFunction(() => document.title === 'ready')
  const took = performance.now() - begun
  return { took, requests, close: () => context.close() }
}

async function count(browser: Browser, site: string, mode: string): Promise<string[]> {
  const { requests, close } = await visit(browser, site)
  const rows = await Promise.all(requests)
  await close()
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
  console.log(`${mode}: ${rows.length} requests, ${bytes} bytes of bodies to a captcha that can be used`)
  console.table(rows)
  return rows.map(({ what }) => what)
}

async function median(browser: Browser, site: string, config: object): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < PAGES; i++) {
    const { took, close } = await visit(browser, site, config)
    times.push(took)
    await close()
  }
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(PAGES / 2)] ?? NaN)
}

/** The delays that a bad first host causes: of the interface, and of the scripts. */
async function delays(browser: Browser, site: string, { url }: Simulator): Promise<[boolean, string][]> {
  const good = new URL(url).host
  const bad = {
    dead: await listen(() => undefined),
    hanging: await listen(() => undefined),
  }
  // Nobody is left at its address.
  bad.dead.close()
  const script = '/static/js/simulator.js'
  const plain = await median(browser, site, {})
  const rows = []
  for (const kind of ['dead', 'hanging'] as const) {
    const servers = [bad[kind].name, good]
    const lib = { type: 'fullpage', fullpage: script, static_servers: servers }
    // The reply names the good one, so that the widget's own calls go there.
    const type = (await median(browser, site, { api_server: servers })) - plain
    const library = (await median(browser, site, { getLib: lib })) - plain
    rows.push({ 'first host': kind, 'delay of the type in ms': type, 'delay of the script in ms': library })
  }
  bad.hanging.close()
  console.log(`a captcha that can be used after ${plain} ms (median of ${PAGES}); with a bad first host later by:`)
  console.table(rows)
  return rows.flatMap((row) => {
    const limit = LIMITS[row['first host']]
    const worst = Math.max(row['delay of the type in ms'], row['delay of the script in ms'])
    return [[worst <= limit, `a ${row['first host']} first host delays it by at most ${limit} ms (it was ${worst})`]]
  })
}

async function main(): Promise<void> {
  const simulator = createSimulator()
  await simulator.start()
  const site = await openSite(simulator)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  const online = await count(browser, site.name, 'online')
  const verdicts = await delays(browser, site.name, simulator)
  site.captcha.force({ mode: 'down', reason: 'bench', seconds: 3600 })
  const offline = await count(browser, site.name, 'in an outage')
  const page = ['/', '/gt.js', '/page.js', '/getcaptcha']
  verdicts.push(
    [
      online.join() === [...page, '/gettype.php', '/static/js/simulator.js', '/get.php'].join(),
      'online, nothing needless is asked for',
    ],
    [offline.join() === [...page, '/gt-offline.js'].join(), 'in an outage, nothing needless is asked for'],
  )
  await browser.close()
  site.close()
  await simulator.stop()
  for (const [right, words] of verdicts) console.log(`${right ? 'yes' : 'NO '}  ${words}`)
  process.exit(verdicts.every(([right]) => right) ? 0 : 1)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
