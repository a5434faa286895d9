import express from 'express'
import { geetest, type Geetest, type GeetestOptions } from '../../../lib'
import type { Simulator } from '../../../lib/simulator'
import { cloud, credentials, errorsAsJson, sessions } from '../../support/site'
import type { OpenTab, Tab } from './chromium'

/** What is shared by pages that call the vendor's API as the demos of its SDKs do. What was answered to each login stands in `said`. */
const COMMON = `window.said = []
function ask(method, path, values, done) {
  var request = new XMLHttpRequest()
  request.open(method, path)
  request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded')
  request.onload = function () { done(JSON.parse(request.responseText)) }
  request.send(values && Object.keys(values).map(function (name) {
    return name + '=' + encodeURIComponent(values[name])
  }).join('&'))
}
function register(options, handler) {
  ask('GET', '/getcaptcha?t=' + Date.now(), undefined, function (data) {
    var config = {
      gt: data.gt,
      challenge: data.challenge,
      offline: !data.success,
      new_captcha: data.new_captcha,
    }
    for (var name in options) config[name] = options[name]
    initGeetest(config, handler)
  })
}
function login(captcha, path) {
  window.captcha = captcha
  var values = { password: document.getElementById('password').value }
  var result = captcha.getValidate()
  for (var name in result) values[name] = result[name]
  ask('POST', path || '/login', values, function (data) {
    said.push(data.message || data.status)
    if (data.status !== 'success') captcha.reset()
  })
}
function hide(id) { document.getElementById(id).style.display = 'none' }
function press(id, act) { document.getElementById(id).onclick = act }
`

/** The page's button sends what the captcha has. */
const BUTTON = (captcha: string, path = ''): string => `${captcha}.appendTo('#captcha')
${captcha}.onReady(function () { hide('wait') })
press('btn', function (event) {
  event.preventDefault()
  if (!${captcha}.getValidate()) return said.push('unsolved')
  login(${captcha}, '${path}')
})`

/** Drawn nowhere: the page's button opens it, and it is sent once it is solved. */
const BIND = (captcha: string, opens: string, path = ''): string => `${captcha}.onReady(function () {
  hide('wait')
  press('btn', function (event) {
    event.preventDefault()
    ${captcha}.${opens}()
  })
}).onSuccess(function () { login(${captcha}, '${path}') })`

const v3 = (product: string, then: string): string =>
  `register({ product: '${product}', width: '300px' }, function (captchaObj) { ${then} })`

const v4 = (product: string, then: string): string =>
  `initGeetest4({ captchaId: captchaId, product: '${product}' }, function (captcha) { ${then} })`

/** A form that the browser sends, and leaves the page with. */
const FORM = v3(
  'embed',
  `captchaObj.appendTo('#captcha')
  captchaObj.onReady(function () { hide('wait') })
  press('btn', function (event) {
    if (captchaObj.getValidate()) return
    event.preventDefault()
    said.push('unsolved')
  })`,
)

/**
 * Three widgets that ask for their challenges at once: one that is sent once it is solved, one with a button, and one on a cover. The
 * SDK's popup calls `show()`, which the vendor's fullpage does not survive; here the bar is pressed.
 */
const THREE = `register({ product: 'popup' }, function (captchaObj) {
  captchaObj.onSuccess(function () { login(captchaObj) })
  captchaObj.appendTo('#first')
})
register({ product: 'embed' }, function (captchaObj) {
  press('btn', function (event) {
    event.preventDefault()
    if (captchaObj.getValidate()) login(captchaObj)
    else said.push('unsolved')
  })
  captchaObj.appendTo('#captcha')
  captchaObj.onReady(function () { hide('wait') })
})
register({}, function (captchaObj) {
  captchaObj.appendTo('#third')
  captchaObj.onSuccess(function () { login(captchaObj) })
})`

const PAGES: Readonly<Record<string, string>> = {
  float: v3('float', BUTTON('captchaObj')),
  popup: v3('popup', BUTTON('captchaObj')),
  embed: v3('embed', BUTTON('captchaObj')),
  bind: v3('bind', BIND('captchaObj', 'verify')),
  form: FORM,
  three: THREE,
  float4: v4('float', BUTTON('captcha', '/login4')),
  popup4: v4('popup', BUTTON('captcha', '/login4')),
  bind4: v4('bind', BIND('captcha', 'showCaptcha', '/login4')),
}

/** A site that never touches the session before a challenge is asked for. */
export interface OfficialSite {
  readonly simulator: Simulator
  /** The plugins of version 3 and of version 4. */
  readonly captchas: readonly Geetest[]
  /** A page of the site: the simulator answers in the vendor's name. */
  readonly visit: (name: string) => Promise<Tab>
}

/** Sets up a site for each test of a `describe`: `/login` and `/login4` take the password "right". */
export function setOfficialSite(open: OpenTab, options: () => Partial<GeetestOptions>): OfficialSite {
  let simulator: Simulator
  let captchas: Geetest[] = []
  let url: string
  let stop = () => {}

  beforeAll(async () => {
    simulator = await cloud()
  })
  beforeEach(async () => {
    const old = geetest({ ...credentials(simulator), ...options() })
    const recent = geetest({ ...credentials(simulator), version: 4 })
    captchas = [old, recent]
    const app = express().use(sessions(), old).use('/v4', recent)
    app.get('/page/:name.js', (req, res) => void res.type('js').send(COMMON + PAGES[req.params.name]))
    app.get('/page/:name', ({ params: { name } }, res) => {
      res.send(`<!doctype html><html lang="en"><title>page</title><script>var captchaId = '${simulator.captchaId}'</script>
        <script src="/gt.js"></script><script src="/v4/gt4.js"></script><p id="wait">One moment</p><div id="first"></div>
        <form method="post" action="/login"><input id="password" name="password"><div id="captcha"></div><button id="btn">Log in</button></form>
        <div id="third"></div><script src="/page/${name}.js"></script>`)
    })
    for (const [path, captcha] of [
      ['/login', old],
      ['/login4', recent],
    ] as const) {
      app.post(path, express.urlencoded({ extended: false }), captcha.validate(), (req, res) => {
        const right = (req.body as { password?: string }).password === 'right'
        const body = { status: right ? 'success' : 'fail', message: right ? req.geetest?.mode : undefined }
        if (req.accepts(['json', 'html']) === 'json') res.json(body)
        else res.send(`<!doctype html><title>answer</title><h1>${body.message ?? body.status}</h1>`)
      })
    }
    app.use(errorsAsJson)
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    stop = () => {
      for (const captcha of captchas) captcha.close()
      server.closeAllConnections()
      server.close()
    }
  })
  afterEach(async () => {
    stop()
    await simulator.fault('none')
  })

  return {
    get simulator() {
      return simulator
    },
    get captchas() {
      return captchas
    },
    visit: async (name) => {
      const tab = await open()
      await tab.page.route(
        ({ hostname }) => /\.gee(test|visit)\.com$|\.gsensebot\.com$/.test(hostname),
        async (route) => {
          const { pathname, search } = new URL(route.request().url())
          const response = await route.fetch({ url: simulator.url + pathname + search })
          await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } })
        },
      )
      await tab.page.goto(`${url}/page/${name}`)
      return tab
    },
  }
}
