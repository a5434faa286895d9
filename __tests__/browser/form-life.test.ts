import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { form, login, pageOf, reach, solve } from './support/form-page'
import { password, said, setForms, welcome } from './support/form-stage'

describeInChromium('forms with data-geetest', (open) => {
  const stage = setForms(open)
  const { visit, openAt, show, logIn } = stage

  describe('two on a page', () => {
    const both = pageOf(form() + form({ id: 'second' }))

    it('begin one session, and both count', async () => {
      const { page } = await openAt(both)
      await Promise.all([reach(page, 'ready'), reach(page, 'ready', 'second')])
      await login(page, 'second').click()
      await solve(page)
      await welcome(page)
      expect([stage.site.sessions.length, new Set(stage.site.sessions).size]).toEqual([2, 1])
    })

    it('are sent each for itself', async () => {
      const { page } = await openAt(both)
      await Promise.all([reach(page, 'ready'), reach(page, 'ready', 'second')])
      await login(page, 'second').click()
      await solve(page)
      await welcome(page)
      await page.goBack()
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(2)
    })
  })

  describe('added and removed', () => {
    const add = (page: Page): Promise<unknown> =>
      page.evaluate(
        (html) => {
          const main = (globalThis as any).document.querySelector('main')
          main.insertAdjacentHTML('beforeend', html)
        },
        form({ attributes: 'data-product="bind"' }),
      )

    it('is guarded when it comes later', async () => {
      const { page } = await openAt(pageOf(''))
      await add(page)
      await reach(page, 'ready')
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('is guarded in browsers that tell of no changes', async () => {
      const { page } = await open()
      await page.addInitScript('delete window.MutationObserver')
      await show(page, pageOf(''))
      await add(page)
      await reach(page, 'ready')
      expect(stage.site.sessions).toHaveLength(1)
    })

    it('leaves nothing behind when it goes, and can come back', async () => {
      const page = await visit({ attributes: 'data-product="bind"' })
      await login(page).click()
      await page.locator('.geetest_popup_wrap').waitFor()
      await page.evaluate("window.kept = document.getElementById('form'); kept.parentNode.removeChild(kept)")
      await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
      await page.evaluate("document.querySelector('main').appendChild(kept)")
      await reach(page, 'ready')
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('has one captcha where a copy of a drawn form takes its place', async () => {
      const page = await visit({ attributes: 'data-product="embed"' })
      await page.evaluate(
        "var form = document.getElementById('form'); form.parentNode.replaceChild(form.cloneNode(true), form)",
      )
      await reach(page, 'ready')
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toMatchObject([{ geetest_challenge: expect.any(String) }])
    })
  })

  describe('when its challenge grows old', () => {
    /** A page whose clock can be put on. */
    async function slowly(): Promise<Page> {
      const { page } = await open()
      await page.clock.install()
      await show(page, pageOf(form()))
      await reach(page, 'ready')
      return page
    }
    const renewed = (page: Page) => page.waitForResponse('**/getcaptcha*')

    it('is given another before that', async () => {
      const page = await slowly()
      await Promise.all([renewed(page), page.clock.fastForward(510_000)])
      await reach(page, 'ready')
      await logIn(page)
      await welcome(page)
      expect(stage.site.sessions).toHaveLength(2)
    })

    it('is given another after the solve too', async () => {
      const page = await slowly()
      await page.locator('.geetest_radar_btn').click()
      await solve(page)
      await reach(page, 'solved')
      await Promise.all([renewed(page), page.clock.fastForward(510_000)])
      await reach(page, 'ready')
      expect(stage.site.sessions).toHaveLength(2)
    })

    it('waits until somebody looks', async () => {
      const page = await slowly()
      let asked = 0
      page.on('request', (request) => void (asked += Number(request.url().includes('/getcaptcha'))))
      // The helper reads the document's own members, never what the page has put in their place.
      await page.evaluate(`
        window.own = Object.getOwnPropertyDescriptor(Document.prototype, 'hidden')
        Object.defineProperty(Document.prototype, 'hidden', { get: () => true, configurable: true })`)
      await page.clock.fastForward(510_000)
      const unseen = asked
      await page.evaluate("Object.defineProperty(Document.prototype, 'hidden', window.own)")
      await Promise.all([renewed(page), page.clock.fastForward(3000)])
      expect([unseen, asked]).toEqual([0, 1])
    })
  })

  describe('in an outage that begins', () => {
    const down = () => stage.site.captcha.force({ mode: 'down', reason: 'test', seconds: 600 })

    it('between two attempts, goes on with the captcha of the site itself', async () => {
      const page = await visit({ fetch: true, attributes: 'data-product="bind"' })
      await logIn(page, 'wrong')
      await said(page, 'wrong_password')
      down()
      await password(page, 'right')
      await reach(page, 'ready')
      await login(page).click()
      await said(page, 'welcome')
      expect(stage.site.posts[1]?.geetest_challenge).toContain('gt-offline')
    })

    it('while the visitor solves, does too', async () => {
      const page = await visit({ attributes: 'data-product="bind"' })
      await login(page).click()
      await page.locator('.geetest_slider_button[data-gap]:visible').waitFor()
      await stage.site.simulator.fault('500')
      down()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toMatchObject([{ geetest_challenge: expect.stringContaining('gt-offline') }])
    })
  })
})

describeInChromium(
  'the back/forward cache',
  (open) => {
    const stage = setForms(open)

    it('brings back the page, with a fresh captcha', async () => {
      const page = await stage.visit()
      await page.evaluate("window.mark = 'the same page'")
      await stage.logIn(page, 'wrong')
      await page.getByText('wrong_password').waitFor()
      await Promise.all([
        page.waitForResponse('**/getcaptcha*'),
        // Nothing is loaded: the page is just there again.
        page.goBack({ waitUntil: 'commit' }),
      ])
      await reach(page, 'ready')
      const mark = await page.evaluate('window.mark')
      await stage.logIn(page)
      await welcome(page)
      expect([mark, stage.site.posts.length]).toEqual(['the same page', 2])
    })
  },
  { ignoreDefaultArgs: ['--disable-back-forward-cache'] },
)
