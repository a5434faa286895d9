import express from 'express'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { geetest, type Geetest } from '../../lib'
import { createSimulator } from '../../lib/simulator'
import { sessions } from '../support/site'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve } from './support/form-page'
import { setForms, welcome } from './support/form-stage'

describeInChromium('where a form’s challenge comes from', (open) => {
  const stage = setForms(open)
  const { openAt } = stage
  const bind = 'data-product="bind"'

  describe('many forms on a page', () => {
    const comment = ['a', 'b', 'c', 'd'].map((id) => form({ id })).join('')
    const down = () => stage.site.captcha.force({ mode: 'down', reason: 'test', seconds: 600 })

    it('ask for a challenge when they are first used, but for the first two, and none drives out another’s', async () => {
      down()
      const { page } = await openAt(pageOf(comment + form()))
      await Promise.all([reach(page, 'ready', 'a'), reach(page, 'ready', 'b'), reach(page, 'idle')])
      const before = stage.site.sessions.length
      await page.locator('#form [name=password]').focus()
      await reach(page, 'ready')
      await login(page).click()
      await page.keyboard.press('Space')
      await welcome(page)
      expect([before, stage.site.sessions.length]).toEqual([2, 3])
    })

    it('are drawn for who presses what stands in the captcha’s place, or the form’s own button', async () => {
      const { page } = await openAt(pageOf(comment + form()))
      await page.locator('#d').getByRole('button', { name: 'Load the captcha' }).click()
      await reach(page, 'ready', 'd')
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('give up an old challenge while another form is used', async () => {
      const { page } = await open()
      await page.clock.install()
      await stage.show(page, pageOf(form({ id: 'a' }) + form()))
      await Promise.all([reach(page, 'ready', 'a'), reach(page, 'ready')])
      await page.locator('#form [name=password]').focus()
      await page.clock.fastForward(510_000)
      await reach(page, 'idle', 'a')
      await reach(page, 'ready')
      expect(stage.site.sessions).toHaveLength(3)
    })
  })

  describe('a scene', () => {
    it.each([
      ['/register/', 'a slash at its end'],
      ['register/', 'one beside the script'],
      ['SITE/register', 'its whole address'],
      ['SITE/register/', 'that, with a slash'],
    ])('written as %s is found: %s', async (scene) => {
      const attributes = `${bind} data-scene="${scene.replace('SITE', stage.site.url)}"`
      const { page } = await openAt(pageOf(form({ attributes, action: '/signup' })))
      await reach(page, 'ready')
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it.each(['/', 'SITE/', 'SITE'])('written as %s is the site’s root', async (scene) => {
      const attributes = `${bind} data-scene="${scene.replace('SITE', stage.site.url)}"`
      const { page } = await openAt(pageOf(form({ attributes })))
      await reach(page, 'ready')
      expect(stage.site.sessions).toHaveLength(1)
    })

    it.each([
      ['http://elsewhere.example/x', 'write a folder on this site'],
      ['../up', 'write a folder on this site'],
      ['a b', 'write a folder on this site'],
      ['/nowhere', ': 404'],
    ])('written as %s is said to be wrong, and nothing is sent', async (scene, words) => {
      const { page } = await openAt(pageOf(form({ attributes: `data-scene="${scene}"` })))
      await reach(page, 'error')
      await login(page).click()
      await reach(page, 'error')
      expect(await line(page).innerText()).toContain(words)
      expect(stage.site.posts).toEqual([])
    })
  })

  it('asks no address twice: a browser may answer two requests with one challenge', async () => {
    const { page, requests } = await openAt(pageOf(form() + form({ id: 'second' })))
    await Promise.all([reach(page, 'ready'), reach(page, 'ready', 'second')])
    const asked = requests.filter((url) => url.includes('/getcaptcha'))
    expect([asked.length, new Set(asked).size]).toEqual([2, 2])
  })

  it('says that the network is slow where /getcaptcha itself hangs', async () => {
    const { page } = await open()
    await page.clock.install()
    let asked = () => {}
    const waiting = new Promise<void>((resolve) => (asked = resolve))
    await page.route('**/getcaptcha*', () => asked())
    await stage.show(page, pageOf(form()))
    await waiting
    await page.evaluate('0')
    await page.clock.runFor(61_000)
    await reach(page, 'error')
    expect(await line(page).innerText()).toBe('The captcha cannot load, the network is slow Try again')
  })
})

// The page on one origin, the API and its scripts on another.
describeInChromium('a page of another origin', (open) => {
  let server: Server
  let pages: Server
  const simulator = createSimulator()
  let api = ''
  let site = ''
  const plugins: Geetest[] = []
  const listen = (app: express.Express) =>
    new Promise<Server>((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => resolve(server))
    })
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  beforeAll(async () => {
    await simulator.start()
    const shown = express()
    shown.get('/', (req, res) => {
      const v4 = req.query.version === '4'
      const attributes = `data-product="bind" ${v4 ? 'data-version="4" data-scene="/v4"' : ''}`
      res.send(
        pageOf(form({ attributes, action: `${api}${v4 ? '/login4' : '/login'}` }), {
          helper: `${api}/geetest-form.js`,
        }),
      )
    })
    pages = await listen(shown)
    site = urlOf(pages)
    const { captchaId, privateKey, url: apiServer } = simulator
    const keys = { captchaId, privateKey, apiServer, timeout: 30_000, origins: [site] }
    const [captcha, captcha4] = [geetest(keys), geetest({ ...keys, version: 4, scene: 'four' })]
    plugins.push(captcha, captcha4)
    const app = express()
    app.use(sessions())
    app.use(captcha)
    app.use('/v4', captcha4)
    app.post('/login', captcha.validate(), (_req, res) => void res.send('welcome'))
    app.post('/login4', captcha4.validate(), (_req, res) => void res.send('welcome'))
    server = await listen(app)
    api = urlOf(server)
  })
  afterAll(async () => {
    plugins.forEach((one) => one.close())
    for (const one of [server, pages]) one.closeAllConnections()
    server.close()
    pages.close()
    await simulator.stop()
  })

  it.each(['3', '4'])('takes its session along, in version %s, online and in an outage', async (version) => {
    for (const one of plugins) one.force(undefined)
    const { page } = await open()
    await page.goto(`${site}/?version=${version}`)
    await reach(page, 'ready')
    await login(page).click()
    await solve(page)
    await welcome(page)
    for (const one of plugins) one.force({ mode: 'down', reason: 'test', seconds: 600 })
    await page.goto(`${site}/?version=${version}`)
    await reach(page, 'ready')
    await login(page).click()
    await welcome(page)
    expect(page.url()).toBe(`${api}/login${version === '4' ? '4' : ''}`)
  })
})
