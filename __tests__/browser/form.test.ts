import { gzipSync } from 'node:zlib'
import { built, checkES5, read } from './support/bundles'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve } from './support/form-page'
import { password, said, setForms, welcome } from './support/form-stage'

const file = built.form

describe('the built form helper', () => {
  it('is ES5', () => {
    expect(() => checkES5(file)).not.toThrow()
  })

  it('weighs at most 7.1 kB, minified and gzipped', () => {
    expect(gzipSync(read(file), { level: 9 }).length).toBeLessThanOrEqual(7100)
  })
})

describeInChromium('a form with data-geetest', (open) => {
  const stage = setForms(open)
  const { visit, show, logIn } = stage

  describe.each(['float', 'popup', 'bind', 'embed'])('as %s', (product) => {
    const attributes = `data-product="${product}"`

    it('asks for the captcha by its own button, and is sent once that is solved', async () => {
      const page = await visit({ attributes })
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('is sent with the button that was pressed', async () => {
      const page = await visit({ attributes })
      await page.locator('[name=remember]').click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toMatchObject([{ remember: 'yes' }])
    })

    it('takes the right password after a wrong one, for a captcha of its own', async () => {
      const page = await visit({ attributes, fetch: true })
      await logIn(page, 'wrong')
      await said(page, 'wrong_password')
      await password(page, 'right')
      await reach(page, 'ready')
      await logIn(page)
      await said(page, 'welcome')
      expect(
        new Set(stage.site.posts.map(({ geetest_challenge }) => String(geetest_challenge).slice(0, 32))).size,
      ).toBe(2)
    })

    it('can be solved in an outage', async () => {
      stage.site.captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
      const page = await visit({ attributes })
      await login(page).click()
      // "bind" begins by itself; elsewhere the box has the focus.
      if (product !== 'bind' && product !== 'popup') await page.keyboard.press('Space')
      await welcome(page)
      expect(stage.site.posts).toMatchObject([{ geetest_challenge: expect.stringContaining('gt-offline') }])
    })
  })

  it('is of version 3 where it says so, too', async () => {
    const page = await visit({ attributes: 'data-version="3"' })
    await logIn(page)
    await welcome(page)
    expect(stage.site.posts).toHaveLength(1)
  })

  it('can be solved first and sent then', async () => {
    const page = await visit()
    await page.locator('.geetest_radar_btn').click()
    await solve(page)
    await reach(page, 'solved')
    const before = stage.site.posts.length
    await login(page).click()
    await welcome(page)
    expect([before, stage.site.posts.length]).toEqual([0, 1])
  })

  it('is sent with its button in browsers that cannot ask for a submit', async () => {
    const { page } = await open()
    await page.addInitScript('delete HTMLFormElement.prototype.requestSubmit')
    await show(page, pageOf(form({ attributes: 'data-product="bind"' })))
    await reach(page, 'ready')
    await page.locator('[name=remember]').click()
    await solve(page)
    await welcome(page)
    expect(stage.site.posts).toMatchObject([{ remember: 'yes' }])
  })

  it('lets the page hear of no submit before the captcha is solved', async () => {
    const page = await visit({ fetch: true })
    await page.evaluate(`window.heard = 0
      document.getElementById('form').addEventListener('submit', function () { heard++ }, true)
      window.addEventListener('submit', function () { heard++ }, true)`)
    await login(page).click()
    const unsolved = await page.evaluate('heard')
    await solve(page)
    await said(page, 'welcome')
    expect([unsolved, await page.evaluate('heard')]).toEqual([0, 2])
  })

  it('is sent once for a double click', async () => {
    const page = await visit({ fetch: true })
    await page.locator('.geetest_radar_btn').click()
    await solve(page)
    await reach(page, 'solved')
    await page.evaluate("for (var i = 0; i < 2; i++) document.querySelector('#form > button').click()")
    await said(page, 'welcome')
    expect([stage.site.posts.length, await page.locator('#form').getAttribute('data-geetest-state')]).toEqual([
      1,
      'spent',
    ])
  })

  it('waits for a captcha that is still loading', async () => {
    const { page } = await open()
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/getcaptcha*', (route) => held.then(() => route.continue()))
    await show(page, pageOf(form({ attributes: 'data-product="bind"' })))
    await login(page).click()
    const words = await line(page).innerText()
    release()
    await solve(page)
    await welcome(page)
    expect(words).toBe('The captcha is loading…')
  })

  describe('after a submit', () => {
    it('asks again at the next attempt, where nothing told it of the outcome', async () => {
      const { page } = await open()
      await page.clock.install()
      await show(page, pageOf(form(), { fetch: true }))
      await reach(page, 'ready')
      await logIn(page, 'wrong')
      await said(page, 'wrong_password')
      await page.clock.fastForward(1000)
      await login(page).click()
      await solve(page)
      await reach(page, 'spent')
      expect(stage.site.posts).toHaveLength(2)
    })

    it.each([
      ['the page says so', "document.getElementById('form').geetest.reset()"],
      ['the form is reset', "document.getElementById('form').reset()"],
    ])('draws a new captcha when %s', async (_when, act) => {
      const page = await visit({ fetch: true })
      await logIn(page, 'wrong')
      await said(page, 'wrong_password')
      await page.evaluate(act)
      await reach(page, 'ready')
      await logIn(page)
      await said(page, 'welcome')
      expect(stage.site.sessions).toHaveLength(2)
    })

    it('sends the same answer again where the page says that it was not judged', async () => {
      const page = await visit({ fetch: true })
      await stage.site.simulator.fault('500', { endpoint: 'validate' })
      await logIn(page)
      await said(page, 'unavailable')
      await stage.site.simulator.fault('none')
      await page.evaluate("document.getElementById('form').geetest.keep()")
      await login(page).click()
      await said(page, 'welcome')
      expect(stage.site.posts[1]?.geetest_challenge).toBe(stage.site.posts[0]?.geetest_challenge)
    })

    it('takes another captcha after one that was refused', async () => {
      const page = await visit({ fetch: true })
      await page.locator('.geetest_radar_btn').click()
      await solve(page)
      await reach(page, 'solved')
      await page.evaluate("document.querySelector('[name=geetest_validate]').value = Array(33).join('0')")
      await login(page).click()
      await said(page, 'bad_signature')
      await password(page, 'right')
      await reach(page, 'ready')
      await logIn(page)
      await said(page, 'welcome')
      expect(stage.site.posts).toHaveLength(2)
    })

    it('has a fresh captcha for who comes by the back button', async () => {
      const page = await visit()
      await logIn(page, 'wrong')
      await page.getByText('wrong_password').waitFor()
      await page.goBack()
      await reach(page, 'ready')
      await logIn(page)
      await welcome(page)
      expect(stage.site.sessions).toHaveLength(2)
    })
  })
})
