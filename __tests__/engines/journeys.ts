// What a visitor does from the first page to the login, written once and walked in every engine.
import { form, pageOf } from '../browser/support/form-page'
import type { Visitor } from './support/visitor'
import type { World } from './support/world'

export interface Journey {
  readonly title: string
  /** Engines that are ten years old have it as well. */
  readonly essential?: true
  /** Gives what the visitor has read at the end. */
  readonly walk: (visitor: Visitor, world: World) => Promise<unknown>
  readonly ends: unknown
}

const IN = 'You are logged in'
const PAGES = { 3: '/?lang=en', 4: '/v4.html?lang=en' } as const
type Version = keyof typeof PAGES

/** The demo's form reaches a state of the form helper. */
const reach = (visitor: Visitor, state: string, form = '#login'): Promise<unknown> =>
  visitor.waitFor(`!!document.querySelector('${form}[data-geetest-state=${state}]')`)

const heading = (visitor: Visitor): Promise<string> => visitor.text('.answer h1')

async function open(visitor: Visitor, site: string, version: Version, product = 'float'): Promise<void> {
  await visitor.goto(`${site}${PAGES[version]}&product=${product}`)
  await reach(visitor, 'ready')
}

/** Types the password and presses the button. */
async function send(visitor: Visitor, password = 'demo'): Promise<void> {
  await visitor.type('#password', password)
  await visitor.click('#login .primary')
}

async function logIn(visitor: Visitor, password?: string): Promise<string> {
  await send(visitor, password)
  await visitor.drag()
  return heading(visitor)
}

const byButton = (version: Version, product: string): Journey => ({
  title: `version ${version} as ${product}, by the mouse`,
  ...(product === 'popup' && { essential: true }),
  ends: IN,
  async walk(visitor, { online }) {
    await open(visitor, online, version, product)
    return logIn(visitor)
  },
})

const byBar = (version: Version): Journey => ({
  title: `version ${version} as float, by the mouse, by its bar, missing the gap first`,
  essential: true,
  ends: IN,
  async walk(visitor, { online }) {
    await open(visitor, online, version)
    await visitor.type('#password', 'demo')
    await visitor.click('.geetest_radar_btn')
    await visitor.miss(version)
    await visitor.drag()
    await reach(visitor, 'solved')
    await visitor.click('#login .primary')
    return heading(visitor)
  },
})

const byKeys = (version: Version): Journey => ({
  title: `version ${version} by the keyboard alone`,
  ends: IN,
  async walk(visitor, { online }) {
    await open(visitor, online, version, version === 3 ? 'bind' : 'float')
    await visitor.tabTo('#password')
    await visitor.write('demo')
    await visitor.press('Enter')
    await visitor.solveByKeys()
    return heading(visitor)
  },
})

const inOutage = (version: Version): Journey => ({
  title: `version ${version} in an outage, by the mouse`,
  essential: true,
  ends: IN,
  async walk(visitor, { outage }) {
    await open(visitor, outage, version)
    await visitor.type('#password', 'demo')
    await visitor.click('#login .geetest_checkbox')
    await reach(visitor, 'solved')
    await visitor.click('#login .primary')
    return heading(visitor)
  },
})

const inOutageByKeys = (version: Version): Journey => ({
  title: `version ${version} in an outage, by the keyboard alone`,
  ends: IN,
  async walk(visitor, { outage }) {
    await open(visitor, outage, version)
    await visitor.tabTo('#password')
    await visitor.write('demo')
    await visitor.tabTo('#login .geetest_checkbox')
    await visitor.press('Space')
    await reach(visitor, 'solved')
    await visitor.press('Enter')
    return heading(visitor)
  },
})

const classic: Journey = {
  title: 'the classic page, its three captchas one after another',
  essential: true,
  ends: [IN, IN, IN],
  async walk(visitor, { online }) {
    const said: string[] = []
    await openClassic(visitor, online)
    for (const id of ['popup', 'mobile'] as const) {
      await visitor.type(`#${id}-password`, 'demo')
      await visitor.click(`#${id} .primary`)
      if (id === 'mobile') await visitor.click('#mobile .geetest_radar_btn')
      await visitor.drag()
      said.push(await done(visitor, id))
    }
    await visitor.type('#embed-password', 'demo')
    await visitor.click('#embed .geetest_radar_btn')
    await visitor.drag()
    await stateOf(visitor, 'embed', 'solved')
    await visitor.click('#embed .primary')
    return [...said, await heading(visitor)]
  },
}

const classicInOutage: Journey = {
  title: 'the classic page in an outage, its three captchas one after another',
  essential: true,
  ends: [IN, IN, IN],
  async walk(visitor, { outage }) {
    const said: string[] = []
    await openClassic(visitor, outage)
    for (const id of ['popup', 'mobile'] as const) {
      await visitor.type(`#${id}-password`, 'demo')
      // The popup's check begins by itself.
      await visitor.click(`#${id} .primary`)
      if (id === 'mobile') await visitor.click('#mobile .geetest_checkbox')
      said.push(await done(visitor, id))
    }
    await visitor.type('#embed-password', 'demo')
    await visitor.click('#embed .geetest_checkbox')
    await stateOf(visitor, 'embed', 'solved')
    await visitor.click('#embed .primary')
    return [...said, await heading(visitor)]
  },
}

async function openClassic(visitor: Visitor, site: string): Promise<void> {
  await visitor.goto(`${site}/classic.html?lang=en`)
  for (const id of ['popup', 'embed', 'mobile']) await ready(visitor, id)
}

/** Logged in with one of them: the other two draw fresh captchas, and until then all stands lower or higher. */
async function done(visitor: Visitor, id: string): Promise<string> {
  await stateOf(visitor, id, 'done')
  for (const other of ['popup', 'embed', 'mobile'])
    await visitor.waitFor(`/ready|done/.test(document.querySelector('#${other}').getAttribute('data-state'))`)
  return (await visitor.text(`#${id} .status`)).slice(0, IN.length)
}

const stateOf = (visitor: Visitor, id: string, state: string): Promise<unknown> =>
  visitor.waitFor(`document.querySelector('#${id}').getAttribute('data-state') === '${state}'`)
const ready = (visitor: Visitor, id: string): Promise<unknown> => stateOf(visitor, id, 'ready')

const backAfterAnswer: Journey = {
  title: 'back from the answer to a wrong password, to a fresh captcha',
  essential: true,
  ends: ['Not logged in', IN],
  async walk(visitor, { online }) {
    await open(visitor, online, 3)
    const refused = await logIn(visitor, 'wrong')
    await visitor.go(-1)
    await reach(visitor, 'ready')
    return [refused, await logIn(visitor)]
  },
}

const backAndForward: Journey = {
  title: 'back and forward between two pages, and a login on each visit',
  ends: IN,
  async walk(visitor, { online }) {
    await open(visitor, online, 3)
    await visitor.click('#v4 a')
    await reach(visitor, 'ready', '#login[data-version="4"]')
    await visitor.go(-1)
    await reach(visitor, 'ready', '#login:not([data-version])')
    await visitor.go(1)
    await reach(visitor, 'ready', '#login[data-version="4"]')
    return logIn(visitor)
  },
}

/** Forms of three scenes, both versions among them, on one page under a policy without inline code. */
const FORMS = [
  { id: 'login', action: '/login', attributes: '' },
  { id: 'register', action: '/signup', attributes: 'data-scene="register" data-product="embed"' },
  { id: 'four', action: '/login4', attributes: 'data-version="4" data-scene="/v4" data-product="popup"' },
]

const formsByScript: Journey = {
  title: 'three forms of the helper on one page under a CSP, sent by script',
  ends: ['welcome', 'welcome', 'welcome'],
  async walk(visitor, { forms }) {
    forms.show('/three', pageOf(FORMS.map(form).join(''), { fetch: true }))
    await visitor.goto(`${forms.url}/three`)
    for (const { id } of FORMS.slice(0, 2)) await reach(visitor, 'ready', `#${id}`)
    // The third form of a page asks for its captcha when it is used.
    await reach(visitor, 'idle', '#four')
    await visitor.click('#four [name=password]')
    await reach(visitor, 'ready', '#four')
    const said: string[] = []
    for (const { id } of FORMS) {
      await visitor.evaluate(`void (document.getElementById('said').textContent = '')`)
      await visitor.click(`#${id} > button:not([name])`)
      await visitor.drag()
      said.push(await visitor.text('#said'))
    }
    return said
  },
}

const formByBrowser = (version: Version): Journey => ({
  title: `a form of the helper in version ${version} under a CSP, sent by the browser`,
  essential: true,
  ends: 'welcome',
  async walk(visitor, { forms }) {
    const one = FORMS.find(({ id }) => id === (version === 3 ? 'login' : 'four'))
    forms.show(`/one${version}`, pageOf(form({ ...one, id: 'form' })))
    await visitor.goto(`${forms.url}/one${version}`)
    await reach(visitor, 'ready', '#form')
    await visitor.click('#form > button:not([name])')
    await visitor.drag()
    await visitor.waitFor(`document.title !== 'Log in'`)
    return visitor.text('h1')
  },
})

/** What a page of one's own writes: both at once. */
const TWO = `<!doctype html><html lang="en"><title>Two</title><main><div id="one"></div><div id="two"></div></main>
<script src="/v4/gt4.js"></script></html>`

const makeTwo = ({ captchaId, apiServer }: { captchaId: string; apiServer: string }): string => `(function () {
  window.solved = {}
  ;['one', 'two'].forEach(function (id) {
    var config = { captchaId: '${captchaId}', apiServers: ['${apiServer}'], protocol: 'http://', language: 'eng' }
    initGeetest4(config, function (captcha) {
      captcha.appendTo('#' + id).onSuccess(function () { solved[id] = captcha.getValidate() })
    })
  })
})()`

/** Posts both answers, as a page's script does; gives the status of each. */
const POST_TWO = `['one', 'two'].map(function (id) {
  var body = Object.keys(solved[id]).map(function (name) { return name + '=' + encodeURIComponent(solved[id][name]) })
  var request = new XMLHttpRequest()
  request.open('POST', '/login4', false)
  request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded')
  request.setRequestHeader('Accept', 'application/json')
  request.send(body.concat('password=right').join('&'))
  return request.status
})`

const two = (outage: boolean): Journey => ({
  title: `two captchas of version 4 made at once by one page${outage ? ', in an outage' : ''}`,
  essential: true,
  ends: [200, 200],
  async walk(visitor, { forms }) {
    const { simulator, captcha4 } = forms
    if (outage) {
      await simulator.fault('500')
      captcha4.force({ mode: 'down', reason: 'test', seconds: 600 })
    }
    try {
      forms.show('/two', TWO)
      await visitor.goto(`${forms.url}/two`)
      await visitor.evaluate(makeTwo({ captchaId: simulator.captchaId, apiServer: new URL(simulator.url).host }))
      for (const id of ['one', 'two']) {
        await visitor.click(outage ? `#${id} .geetest_checkbox` : `#${id} .geetest_radar_btn`)
        if (!outage) await visitor.drag()
        await visitor.waitFor(`!!solved.${id}`)
      }
      return await visitor.evaluate(POST_TWO)
    } finally {
      captcha4.force(undefined)
      await simulator.fault('none')
    }
  },
})

export const journeys: readonly Journey[] = [
  byBar(3),
  ...['popup', 'embed', 'bind'].map((product) => byButton(3, product)),
  byBar(4),
  ...['popup', 'bind'].map((product) => byButton(4, product)),
  byKeys(3),
  byKeys(4),
  inOutage(3),
  inOutage(4),
  inOutageByKeys(3),
  inOutageByKeys(4),
  formByBrowser(3),
  formByBrowser(4),
  formsByScript,
  classic,
  classicInOutage,
  two(false),
  two(true),
  backAfterAnswer,
  backAndForward,
]
