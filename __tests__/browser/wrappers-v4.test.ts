import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { solve } from './support/form-page'
import { bundle, setPages4, title, type Written } from './support/pages-v4'

const SEND = `function send(captcha, result) {
  return fetch('/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...result, password: document.getElementById('password').value }),
  }).then((response) => response.json()).then((data) => {
    if (data.result === 'fail') captcha.reset()
    document.title = data.result === 'fail' ? 'fail' : data.mode
  })
}`

/** As README of vue3-geetest has it; its template is compiled in the browser. */
const VUE = (product: string, more = ''): string => `import { createApp } from 'vue/dist/vue.esm-bundler.js'
import { Geetest, GeetestCaptcha } from 'vue3-geetest'
${SEND}
const app = createApp({
  components: { GeetestCaptcha },
  template: '<GeetestCaptcha :config="config" @initialized="getCaptcha" />',
  setup() {
    const config = { product: '${product}', nativeButton: { width: '100%', height: '50px' } ${more} }
    const getCaptcha = (instance) => {
      instance
        .onReady(function () { document.title = 'ready' })
        .onNextReady(function () {})
        .onBoxShow(function () {})
        .onError(function (e) { document.title = e.code })
        .onSuccess(function () { send(instance, instance.getValidate()) })
      document.getElementById('btn').onclick = () => instance.showCaptcha()
    }
    return { config, getCaptcha }
  },
})
app.use(Geetest, { captchaId: window.captchaId })
app.mount('#captcha')`

const react = (body: string): string => `import React from 'react'
import { createRoot } from 'react-dom/client'
import GeeTest, { useGeeTest } from 'react-geetest-v4'
${SEND}
function Home() { ${body} }
createRoot(document.getElementById('captcha')).render(React.createElement(Home))`

/** "Normal practice" of README of react-geetest-v4, drawn. */
const DRAWN = (props: string): string =>
  react(`const captchaRef = React.useRef(null)
  return React.createElement(GeeTest, {
    ref: captchaRef,
    captchaId: window.captchaId,
    containerId: 'geetest-captcha',
    onSuccess: (result) => send(captchaRef.current, result),
    onReady: () => { document.title = 'ready' },
    ${props}
  })`)

/** The same around a button of the page. */
const AROUND = (props: string): string =>
  react(`const captchaRef = React.useRef(null)
  return React.createElement(GeeTest, {
    ref: captchaRef,
    captchaId: window.captchaId,
    product: 'bind',
    onSuccess: (result) => send(captchaRef.current, result),
    onReady: () => { document.title = 'ready' },
    ${props}
  }, React.createElement('button', { id: 'inner' }, 'Submit'))`)

/** "Using hooks". */
const HOOK = (options: string): string =>
  react(`const { captcha, state } = useGeeTest(window.captchaId, {
    product: 'bind',
    containerId: 'geetest-captcha',
    ${options}
  })
  React.useEffect(() => {
    document.title = state
    if (state === 'success') send(captcha, captcha.getValidate())
  }, [state])
  return React.createElement('button', { id: 'inner', onClick: () => captcha?.showCaptcha() }, 'Submit')`)

/** vue3-geetest takes what a script with this id has loaded, and loads the vendor's only where there is none. */
const PRESET = '<script id="geetest" src="/gt4.js"></script>'
/** react-geetest-v4 has an option for where gt4.js is. */
const OURS = "script: '/gt4.js',"

type Start = 'bar' | '#btn' | '#inner'
/** Online the pages load the vendor's address; in an outage gt4.js comes from the site, which it finds by that. */
const CASES: Array<[name: string, start: Start, online: Written, outage: Written]> = [
  ['vue3-geetest, float', 'bar', { script: VUE('float') }, { head: PRESET, script: VUE('float') }],
  ['vue3-geetest, popup', 'bar', { script: VUE('popup') }, { head: PRESET, script: VUE('popup') }],
  ['vue3-geetest, bind', '#btn', { script: VUE('bind') }, { head: PRESET, script: VUE('bind') }],
  // Here the vendor's address still serves gt4.js, and the page says where the site is.
  ['vue3-geetest with base', 'bar', { head: PRESET, script: VUE('float') }, { script: VUE('float', ", base: '/'") }],
  ['react-geetest-v4', 'bar', { script: DRAWN('') }, { script: DRAWN(OURS) }],
  [
    'react-geetest-v4, popup',
    'bar',
    { script: DRAWN("product: 'popup',") },
    { script: DRAWN(`product: 'popup', ${OURS}`) },
  ],
  ['react-geetest-v4, bind', '#inner', { script: AROUND('') }, { script: AROUND(OURS) }],
  ['react-geetest-v4, hook', '#inner', { script: HOOK("protocol: 'https://',") }, { script: HOOK(OURS) }],
]

const written = Object.fromEntries(
  CASES.flatMap(([, , online, outage], i): Array<[string, Written]> => [
    [`online-${i}`, { ...online, script: bundle(online.script) }],
    [`outage-${i}`, { ...outage, script: bundle(outage.script) }],
  ]),
)

// react-geetest 5.0.1 calls version 3 alone (wrappers.test.ts); version 4 is a package of another author, react-geetest-v4.
describeInChromium('pages of version 4 written with vue3-geetest and react-geetest-v4', (open) => {
  const site = setPages4(open, written)
  const cases = CASES.map(([name, start], i) => [name, start, i] as const)
  const password = (page: Page, value: string) => page.locator('#password').fill(value)

  async function visit(name: string): Promise<Page> {
    const { page } = await site.visit(name)
    await title(page, 'ready')
    return page
  }
  const begin = (page: Page, start: Start): Promise<void> =>
    page.locator(start === 'bar' ? '.geetest_radar_btn' : start).click()
  const check = (page: Page, start: Start): Promise<void> =>
    start === 'bar' ? page.getByRole('checkbox').click() : begin(page, start)

  test.each(cases)('%s: draws, passes, and is taken by the guard', async (_name, start, i) => {
    const page = await visit(`online-${i}`)
    await begin(page, start)
    await solve(page)
    expect(await title(page, 'online')).toBe('online')
  })

  // The hook tells a second success to nobody: its state is "success" already.
  const hook = cases.filter(([name]) => name.endsWith('hook'))
  const again = cases.filter((one) => !hook.includes(one))

  test.each(hook)('%s: does so in an outage', async (_name, start, i) => {
    await site.simulator.fault('refuse')
    const page = await visit(`outage-${i}`)
    await check(page, start)
    expect(await title(page, 'proof-of-work')).toBe('proof-of-work')
  })

  test.each(again)('%s: does so in an outage, and starts over after a login that failed', async (_name, start, i) => {
    await site.simulator.fault('refuse')
    const page = await visit(`outage-${i}`)
    await password(page, 'wrong')
    await check(page, start)
    await title(page, 'fail')
    await password(page, 'right')
    await check(page, start)
    expect(await title(page, 'proof-of-work')).toBe('proof-of-work')
  })
})
