import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve } from './support/form-page'
import { setForms, welcome } from './support/form-stage'

// What a page's policy asks of scripts that insert scripts.
describeInChromium('under a Content-Security-Policy', (open) => {
  const stage = setForms(open)
  const down = () => {
    for (const one of [stage.site.captcha, stage.site.captcha4])
      one.force({ mode: 'down', reason: 'test', seconds: 600 })
  }

  /** A page under that policy instead of the site's own. */
  async function under(policy: string, html: string): Promise<Page> {
    const { page } = await open()
    stage.site.show('/', html, policy)
    await page.goto(stage.site.url)
    return page
  }

  const versions = [
    ['3', 'data-product="bind"', '/login'],
    ['4', 'data-product="bind" data-version="4" data-scene="/v4"', '/login4'],
  ] as const
  const TYPES = "require-trusted-types-for 'script'; trusted-types express-geetest"

  describe.each(versions)('in version %s', (_version, attributes, action) => {
    it('logs in where scripts need Trusted Types, by the policy express-geetest', async () => {
      const page = await under(TYPES, pageOf(form({ attributes, action })))
      await reach(page, 'ready')
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('logs in there in an outage, whose work a worker does', async () => {
      down()
      const page = await under(TYPES, pageOf(form({ attributes, action })))
      await reach(page, 'ready')
      await login(page).click()
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('logs in where scripts need a nonce', async () => {
      const html = pageOf(form({ attributes, action })).replace('<script ', '<script nonce="n0nce" ')
      const page = await under("default-src 'self'; script-src 'nonce-n0nce'", html)
      await reach(page, 'ready')
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })
  })

  it.each([
    [
      'Trusted Types of another name',
      "require-trusted-types-for 'script'; trusted-types other",
      /Content-Security-Policy \((require-)?trusted-types/,
    ],
    ['no calls to the site', "connect-src 'none'", /Content-Security-Policy \(connect-src/],
    ['no scripts of the cloud', "script-src 'self'", /Content-Security-Policy \(script-src/],
  ])('says what stops it where that allows %s, and sends nothing', async (_what, policy, words) => {
    const page = await under(policy, pageOf(form()))
    await reach(page, 'error')
    const before = await line(page).innerText()
    await login(page).click()
    await reach(page, 'error')
    expect(before).toMatch(words)
    expect([stage.site.posts.length, page.url()]).toEqual([0, `${stage.site.url}/`])
  })

  it('sends nothing where the helper itself breaks', async () => {
    const { page, exceptions } = await open()
    await page.addInitScript('delete window.XMLHttpRequest; Element.prototype.querySelector = null')
    await stage.show(page, pageOf(form()))
    await login(page).click()
    await page.evaluate("document.getElementById('form').submit()")
    expect([stage.site.posts.length, page.url(), exceptions]).toEqual([0, `${stage.site.url}/`, []])
  })
})
