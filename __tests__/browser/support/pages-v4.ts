import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import express from 'express'
import type { Page } from 'playwright-core'
import { geetest } from '../../../lib'
import { cloud, sessions } from '../../support/site'
import { credentials4 } from '../../support/site-v4'
import type { Simulator } from '../../../lib/simulator'
import { built, read } from './bundles'
import type { OpenTab, Tab } from './chromium'

// Installed by `npm run test:sdks`, which the test command runs first.
const wrappers = join(__dirname, '../wrappers')
const jquery = (): string => read(join(wrappers, 'node_modules/jquery/dist/jquery.min.js'))

/** What bundlers set for production; those of Vue are read by its build for bundlers. */
const DEFINES = [
  'process.env.NODE_ENV="production"',
  '__VUE_OPTIONS_API__=true',
  '__VUE_PROD_DEVTOOLS__=false',
  '__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false',
]

/** As a bundler would put it together for a site. */
export function bundle(input: string): string {
  const options = ['--bundle', '--log-level=error', ...DEFINES.map((define) => `--define:${define}`)]
  const program = join(__dirname, '../../../node_modules/.bin/esbuild')
  return execFileSync(program, options, { cwd: wrappers, input, encoding: 'utf8' })
}

/** A page by its name: what stands before its script, and the script. */
export interface Written {
  readonly head?: string
  readonly script: string
}

/** Sites of version 4 whose pages ask the vendor's hosts, as they were written. */
export interface Pages4 {
  readonly simulator: Simulator
  /** A page of the site; the simulator answers in the vendor's name, and our gt4.js lies where the vendor's does. */
  readonly visit: (name: string) => Promise<Tab>
}

const VENDOR = /(^|\.)(geetest|geevisit|gsensebot)\.com$/
const GT4 = '/v4/gt4.js'

/** Sets up a site for each test of a `describe`: its `/login` is guarded, and takes the password "right". */
export function setPages4(open: OpenTab, pages: Record<string, Written>): Pages4 {
  let simulator: Simulator
  let api: string
  let url: string
  let stop = () => {}

  beforeAll(async () => {
    simulator = await cloud()
    api = simulator.url
  })
  beforeEach(async () => {
    const captcha = geetest(credentials4(simulator))
    const app = express().use(sessions(), captcha)
    app.get('/jquery.js', (_req, res) => void res.type('js').send(jquery()))
    app.get('/page/:name.js', (req, res) => void res.type('js').send(pages[req.params.name]?.script))
    app.get('/page/:name', ({ params: { name } }, res) => {
      res.send(`<!doctype html><html lang="en"><title>page</title><script>var captchaId = '${simulator.captchaId}'</script>
        <label>Password <input id="password" value="right"></label><button id="btn">Log in</button>
        <div id="captcha"></div>${pages[name]?.head ?? ''}<script src="/page/${name}.js"></script>`)
    })
    app.post('/login', express.urlencoded(), express.json(), captcha.validate(), (req, res) => {
      res.json({ result: req.body.password === 'wrong' ? 'fail' : 'success', mode: req.geetest?.mode })
    })
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
  afterEach(async () => {
    stop()
    await simulator.fault('none')
  })

  async function vendor(page: Page): Promise<void> {
    await page.route(
      ({ hostname }) => VENDOR.test(hostname),
      async (route) => {
        const asked = new URL(route.request().url())
        // What another origin serves, with the header that <script crossorigin> needs.
        const headers = { 'Access-Control-Allow-Origin': '*' }
        if (asked.pathname === GT4) {
          return route.fulfill({ headers, contentType: 'text/javascript', body: read(built.loader4) })
        }
        try {
          const response = await route.fetch({
            url: api + asked.pathname + asked.search,
            headers: { ...route.request().headers(), host: asked.host },
          })
          await route.fulfill({ response, headers: { ...response.headers(), ...headers } })
        } catch {
          await route.abort()
        }
      },
    )
  }

  return {
    get simulator() {
      return simulator
    },
    visit: async (name) => {
      const tab = await open()
      await vendor(tab.page)
      await tab.page.goto(`${url}/page/${name}`)
      return tab
    },
  }
}

/** Waits for what a page has written into its title. */
export async function title(page: Page, text: string): Promise<string> {
  await page.waitForFunction(`document.title === '${text}'`)
  return page.title()
}
