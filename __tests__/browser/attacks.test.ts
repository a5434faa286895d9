import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Page } from 'playwright-core'
import { geetest, type Geetest } from '../../lib'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { sessions } from '../support/site'
import { describeInChromium, type OpenTab } from './support/chromium'
import { form, login, reach } from './support/form-page'
import { startHost, type Host, type Route } from './support/host'

/** Whatever is asked of the attacker's host: a script that tells of itself, and a challenge that names that host. */
const evil: Route = (response) =>
  void response
    .writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' })
    .end('window.owned = true')

const PATHS = ['/gt.js', '/gt.png', '/gt.mp4', '/gt4.js', '/gt-offline.js', '/gettype.php', '/x.js', '/x/getcaptcha']

/** Falls when code looks up itself, its address or its hosts in what visitors may have written. */
describeInChromium('a page with a comment on it, without a Content-Security-Policy,', (open) => {
  let simulator: Simulator
  let captcha: Geetest
  let captcha4: Geetest
  let stranger: Host
  let server: Server
  let site: string
  let page = ''

  beforeAll(async () => {
    simulator = createSimulator()
    await simulator.start()
    stranger = await startHost(Object.fromEntries(PATHS.map((path) => [path, evil])))
    const { captchaId, privateKey, url: apiServer } = simulator
    captcha = geetest({ captchaId, privateKey, apiServer, timeout: 30_000 })
    captcha4 = geetest({ captchaId, privateKey, apiServer, timeout: 30_000, version: 4, scene: 'four' })
    const app = express()
    app.use(sessions())
    app.use(captcha)
    app.use('/v4', captcha4)
    app.get('/go/getcaptcha', (_req, res) => res.redirect(`${stranger.origin}/x/getcaptcha`))
    // What a visitor has uploaded, as a careful site hands it out.
    app.get('/files/getcaptcha', (_req, res) => {
      const written = {
        success: 1,
        gt: captchaId,
        challenge: 'c'.repeat(32),
        new_captcha: true,
        api_server: stranger.name,
      }
      res.set('Content-Disposition', 'attachment').type('application/octet-stream').send(JSON.stringify(written))
    })
    app.get('/uploads/getcaptcha', (_req, res) => {
      res.json({
        success: 1,
        gt: captchaId,
        challenge: 'c'.repeat(32),
        new_captcha: true,
        api_server: stranger.name,
        protocol: 'http://',
      })
    })
    app.post('/login', captcha.validate(), (_req, res) => void res.send('welcome'))
    app.post('/login4', captcha4.validate(), (_req, res) => void res.send('welcome'))
    app.get('/', (_req, res) => void res.type('html').send(page))
    app.get('/other.js', (_req, res) => void res.type('js').send(''))
    server = await new Promise((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
    })
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }, 60_000)
  afterAll(async () => {
    captcha.close()
    captcha4.close()
    server.closeAllConnections()
    server.close()
    await Promise.all([simulator.stop(), stranger.stop()])
  })
  beforeEach(() => {
    stranger.asked.length = 0
    captcha.force(undefined)
    captcha4.force(undefined)
  })

  async function show(html: string, openTab: OpenTab = open): Promise<Page> {
    page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title>${html.replaceAll('EVIL', stranger.origin)}`
    const tab = await openTab()
    await tab.page.goto(site)
    return tab.page
  }

  /** What was asked of the stranger, and whether a script of his ran; what the comment itself shows is no request of ours. */
  async function foreign(tab: Page, shown: readonly string[] = []): Promise<string[]> {
    const ran = await tab.evaluate<boolean>('Boolean(window.owned)')
    return [...stranger.asked.filter((path) => !shown.includes(path)), ...(ran ? ['its script ran'] : [])]
  }

  describe.each([
    ['img', '<img src="EVIL/geetest-form.png">', '/geetest-form.png'],
    ['video', '<video src="EVIL/geetest-form.mp4"></video>', '/geetest-form.mp4'],
    ['input', '<input type="image" src="EVIL/geetest-form.png">', '/geetest-form.png'],
    ['audio', '<audio src="EVIL/geetest-form.js"></audio>', '/geetest-form.js'],
    [
      'img that poses as the running script',
      '<img name="currentScript" src="EVIL/geetest-form.js">',
      '/geetest-form.js',
    ],
  ])('%s', (_name, comment, shown) => {
    it.each([
      ['script', '<script src="/geetest-form.js"></script>'],
      ['module', '<script type="module" src="/geetest-form.js"></script>'],
    ])('attack 32: the form helper as a %s takes its loader from the site all the same', async (_kind, helper) => {
      const tab = await show(`${comment}${helper}${form()}`)
      await reach(tab, 'ready')
      expect(await foreign(tab, [shown])).toEqual([])
    })
  })

  it('attack 32: elements that are called as the document’s own methods are do not disarm the form', async () => {
    const names = ['createElement', 'head', 'body', 'documentElement', 'querySelectorAll', 'getElementsByTagName']
    const comment = names.map((name) => `<img name="${name}">`).join('')
    const tab = await show(`${comment}<script src="/geetest-form.js"></script>${form()}`)
    await reach(tab, 'ready')
    expect(await foreign(tab)).toEqual([])
  })

  /** What an element of that name hides of the document's, or of the window's. */
  const HIDDEN = ['createElement', 'createEvent', 'querySelector', 'querySelectorAll', 'getElementsByTagName']
    .concat('addEventListener', 'removeEventListener', 'implementation', 'readyState', 'hidden')
    .concat('head', 'body', 'documentElement', 'activeElement')

  it.each([
    ['3', 'popup', '/login', ''],
    ['3', 'bind', '/login', ''],
    ['4', 'popup', '/login4', '/v4'],
  ])(
    'attack 32: elements that hide the document’s own members keep nobody of version %s, %s, from logging in',
    async (version, product, action, scene) => {
      for (const plugin of [captcha, captcha4]) plugin.force({ mode: 'down', reason: 'test', seconds: 600 })
      const comment = HIDDEN.map((name) => `<img name="${name}"><img id="${name}">`).join('')
      const attributes = `data-version="${version}" data-product="${product}" data-scene="${scene}"`
      const tab = await show(`${comment}<script src="/geetest-form.js"></script>${form({ attributes, action })}`)
      await reach(tab, 'ready')
      await login(tab).click()
      await tab.getByText('welcome').waitFor()
      expect(tab.url()).toBe(`${site}${action}`)
    },
  )

  it('attack 32: elements that are called as our globals are do not take their place', async () => {
    const names = ['initGeetest', 'Geetest', 'geetestForm4']
    const comment = names.map((name) => `<img id="${name}">`).join('')
    const tab = await show(`${comment}<script src="/geetest-form.js"></script>${form()}`)
    await reach(tab, 'ready')
    expect(await foreign(tab)).toEqual([])
  })

  it('attack 32: a comment’s form that cannot be guarded leaves the site’s own guarded', async () => {
    const comment = '<form data-geetest><input name="getAttribute"><input name="appendChild"></form>'
    const tab = await show(`${comment}<script src="/geetest-form.js"></script>${form()}`)
    await expect(reach(tab, 'ready')).resolves.toBeUndefined()
  })

  const given = (more: object): string =>
    `data-challenge='${JSON.stringify({ success: 1, gt: simulator.captchaId, challenge: 'c'.repeat(32), new_captcha: true, ...more })}'`

  it.each([
    ['api_server', () => ({ api_server: stranger.name, protocol: 'http://' })],
    ['api_server_v3', () => ({ api_server_v3: [stranger.name] })],
    ['protocol and a path', () => ({ protocol: `${stranger.origin}/`, typePath: '/gettype.php' })],
    ['getType', () => ({ getType: { api_server: stranger.name } })],
    [
      'getLib',
      () => ({ getLib: { type: 'slide', slide: '/x.js', static_servers: [stranger.name], protocol: 'http://' } }),
    ],
    [
      'fallback_config',
      () => ({ success: 0, fallback_config: { fullpage: { type: 'x', x: '/x.js', static_servers: [stranger.name] } } }),
    ],
    ['base', () => ({ success: 0, challenge: `${'a'.repeat(32)}.x.`, base: `${stranger.origin}/` })],
  ])('attack 43: %s in a form’s data-challenge is not believed, and the site is asked instead', async (_name, more) => {
    const tab = await show(`<script src="/geetest-form.js"></script>${form({ attributes: given(more()) })}`)
    await reach(tab, 'ready')
    expect(await foreign(tab)).toEqual([])
  })

  it.each(['//EVIL/x', '/\\EVIL/x', '/\t/EVIL/x', 'http://EVIL/x', '/go', '/x?', '/x#', '/../x/..//EVIL/x', './/EVIL'])(
    'attack 43: a scene of %j is refused, or leads nowhere else',
    async (scene) => {
      const written = scene.replace('EVIL', stranger.name)
      const tab = await show(
        `<script src="/geetest-form.js"></script>${form({ attributes: `data-scene="${written}"` })}`,
      )
      await reach(tab, 'error')
      expect(stranger.asked.filter((path) => path !== '/x/getcaptcha')).toEqual([])
      expect(await tab.evaluate('window.owned')).toBeUndefined()
    },
  )

  it.each([
    ['a download', '/files'],
    ['JSON', '/uploads'],
  ])('attack 43: what a visitor has uploaded to the site as %s names no cloud', async (_kind, scene) => {
    const tab = await show(`<script src="/geetest-form.js"></script>${form({ attributes: `data-scene="${scene}"` })}`)
    await reach(tab, 'error')
    expect(await foreign(tab)).toEqual([])
  })

  /** A page of the site's own that calls the loader, as pages written for the vendor's do. */
  const CLASSIC = `<div id="captcha"></div><script type="module">
    const issue = await (await fetch('/getcaptcha')).json()
    initGeetest({ ...issue, offline: !issue.success, onError: (error) => { document.title = error.code } },
      (captcha) => captcha.appendTo('#captcha').onReady(() => { document.title = 'ready' }))
  </script>`
  const titled = (tab: Page, title: string) => tab.waitForFunction((text) => document.title === text, title)
  const down = { mode: 'down', reason: 'test', seconds: 600 } as const

  it.each([
    ['an img that poses as the running script', '<img name="currentScript" src="EVIL/x.png">', '/x.png'],
    ['a video that is called like the loader', '<video src="EVIL/gt.js"></video>', '/gt.js'],
  ])('attack 43: in an outage %s brings no script', async (_name, comment, shown) => {
    captcha.force(down)
    const tab = await show(`${comment}<script src="/gt.js"></script>${CLASSIC}`)
    await titled(tab, 'ready')
    expect(await foreign(tab, [shown])).toEqual([])
  })

  it('attack 43: as a module the loader takes the folder of its own script, not that of the page’s last one', async () => {
    captcha.force(down)
    const last = '<script src="EVIL/other.js"></script>'
    const tab = await show(`<script type="module" src="/gt.js"></script>${CLASSIC}${last}`)
    await titled(tab, 'ready')
    expect(await foreign(tab, ['/other.js'])).toEqual([])
  })

  it('attack 43: a loader that cannot tell where it came from loads nothing, and says what is missing', async () => {
    captcha.force(down)
    const tab = await show(CLASSIC.replace('const issue', "await import('/gt.js?bundled'); const issue"))
    await titled(tab, 'error_111')
    expect(await foreign(tab)).toEqual([])
  })

  it.each([
    ['api_server_v3', () => [stranger.name]],
    ['getLib', () => ({ type: 'slide', slide: '/x.js', static_servers: [stranger.name] })],
    ['getType', () => ({ api_server: stranger.name })],
    ['static_servers', () => [stranger.name]],
    ['domains', () => [stranger.name]],
    ['https', () => true],
    ['type', () => 'x'],
    ['slide', () => ({ made: 'x' })],
  ])('attack 43: %s on a polluted Object.prototype changes nothing', async (name, value) => {
    const pollution = `<script>Object.prototype.${name} = ${JSON.stringify(value())}</script>`
    const tab = await show(`${pollution}<script src="/gt.js"></script>${CLASSIC}`)
    await titled(tab, 'ready')
    expect(await foreign(tab)).toEqual([])
  })

  it.each([
    ['base', () => `${stranger.origin}/`],
    ['staticServers', () => [stranger.name]],
    ['apiServers', () => [stranger.name]],
    ['api_server', () => stranger.name],
    ['issue', () => ({ success: 0, challenge: `${'a'.repeat(32)}.x.` })],
  ])('attack 43: %s on a polluted Object.prototype changes nothing in version 4', async (name, value) => {
    const pollution = `<script>Object.prototype.${name} = ${JSON.stringify(value())}</script>`
    const attributes = 'data-version="4" data-scene="/v4"'
    const tab = await show(
      `${pollution}<script src="/v4/geetest-form.js"></script>${form({ attributes, action: '/login4' })}`,
    )
    await reach(tab, 'ready')
    expect(await foreign(tab)).toEqual([])
  })
})
