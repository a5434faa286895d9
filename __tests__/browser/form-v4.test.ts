import type { Page } from 'playwright-core'
import { complaints, inputs } from './support/captcha'
import { makeCaptcha4 } from './support/captcha-v4'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve, solveByKeys, type FormOptions } from './support/form-page'
import { password, said, setForms, welcome } from './support/form-stage'
import { box } from './support/offline'

const FIELDS = ['lot_number', 'captcha_output', 'pass_token', 'gen_time', 'captcha_id']
const DOWN = { mode: 'down', reason: 'test', seconds: 600 } as const

/** A form of the scene of version 4. */
const v4 = ({ attributes = '', ...more }: FormOptions = {}): FormOptions => ({
  attributes: `data-version="4" data-scene="/v4" ${attributes}`,
  action: '/login4',
  ...more,
})

describeInChromium('a form with data-version="4"', (open) => {
  const stage = setForms(open)
  const { openAt, logIn } = stage
  const visit = (options?: FormOptions) => stage.visit(v4(options))

  /** Paths of what the page asks for from now on, without the page itself. */
  function listen(page: Page): string[] {
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    return asked
  }
  const detail = (name: string) =>
    `addEventListener('geetest:${name}', function (event) { window.detail = event.detail })`

  describe('while the cloud answers', () => {
    it.each(['float', 'popup', 'bind', 'embed'])(
      'is sent with an answer of version 4, by the mouse, as %s',
      async (product) => {
        const page = await visit({ attributes: `data-product="${product}"` })
        await logIn(page)
        await welcome(page)
        expect(Object.keys(stage.site.posts[0] ?? {})).toEqual(['username', 'password', ...FIELDS])
        expect(stage.site.posts).toEqual([
          expect.objectContaining(stage.site.simulator.lots.at(-1)?.solved ?? { no: 1 }),
        ])
      },
    )

    it.each(['float', 'bind'])('is sent by the keyboard alone, as %s', async (product) => {
      const page = await visit({ attributes: `data-product="${product}"` })
      await page.locator('#form [name=password]').focus()
      await page.keyboard.press('Enter')
      await solveByKeys(page)
      await welcome(page)
      expect(stage.site.posts).toMatchObject([{ captcha_id: stage.site.simulator.captchaId }])
    })

    it('loads the loader of version 4, and nothing of an outage', async () => {
      const { page } = await open()
      const asked = listen(page)
      await stage.show(page, pageOf(form(v4())))
      await reach(page, 'ready')
      expect(asked.slice(2, 6)).toEqual(['/gt4.js', '/v4/getcaptcha', '/gt4-form.js', '/load'])
      expect(asked.filter((path) => /offline|gt\.js/.test(path))).toEqual([])
    })

    it('can be solved first and sent then', async () => {
      const page = await visit()
      await page.locator('.geetest_radar_btn').click()
      await solve(page)
      await reach(page, 'solved')
      await login(page).click()
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('takes the challenge that the page has brought', async () => {
      const { gt, api_server, protocol } = await (await fetch(`${stage.site.url}/v4/getcaptcha`)).json()
      const brought = JSON.stringify({ success: 1, gt, challenge: '', version: 4, api_server, protocol })
      const page = await visit({ attributes: `data-challenge='${brought}'` })
      stage.site.sessions.length = 0
      await logIn(page)
      await welcome(page)
      expect(stage.site.sessions).toEqual([])
    })

    it('tells geetest:success with the fields, and geetest:ready with the captcha of version 4', async () => {
      const { page } = await open()
      await page.addInitScript(detail('success'))
      await page.addInitScript("addEventListener('geetest:ready', function (event) { window.made = event.detail })")
      await stage.show(page, pageOf(form(v4()), { fetch: true }))
      await reach(page, 'ready')
      await logIn(page)
      await said(page, 'welcome')
      expect(stage.site.posts[0]).toMatchObject(await page.evaluate<object>('detail'))
      expect(await page.evaluate('made.getValidate()')).toEqual(await page.evaluate('detail'))
    })

    it('empties its inputs where the page starts the captcha over', async () => {
      const { page } = await open()
      await page.addInitScript("addEventListener('geetest:ready', function (event) { window.made = event.detail })")
      await stage.show(page, pageOf(form(v4({ attributes: 'data-product="embed"' }))))
      await reach(page, 'ready')
      await page.locator('.geetest_radar_btn').click()
      await solve(page)
      await reach(page, 'solved')
      const full = await inputs(page, '#form [data-geetest-here]')
      await page.evaluate('made.reset()')
      const values = (list: Array<Record<string, string>>) =>
        list.filter(({ type }) => type === 'hidden').map(({ value }) => value)
      expect([values(full).every(Boolean), values(await inputs(page, '#form [data-geetest-here]'))]).toEqual([
        true,
        FIELDS.map(() => ''),
      ])
    })

    it.each([
      ['zh-CN', '', '点击按钮进行验证'],
      ['fr', '', 'Click to verify'],
      ['en', 'data-lang="zh-tw"', '点击按钮进行验证'],
      ['zh', 'data-lang="eng"', 'Click to verify'],
    ])('speaks the language of a page in "%s" %s', async (lang, attributes, words) => {
      const page = await visit({ lang, attributes })
      expect(await page.locator('.geetest_radar_tip').innerText()).toBe(words)
    })

    it.each([
      ['zh-cn', 'zho'],
      ['zh-TW', 'zho-tw'],
      ['zh-hk', 'zho-hk'],
      ['en', 'eng'],
      ['ja', 'jpn'],
      ['pt-pt', 'por'],
      ['de-AT', 'deu'],
      ['udm', 'udm'],
      ['th', 'th'],
    ])('calls "%s" what version 4 calls it', async (lang, language) => {
      const { page } = await open()
      const call = page.waitForRequest(/\/load\?/)
      await stage.show(page, pageOf(form(v4({ attributes: `data-lang="${lang}"` }))))
      expect(new URL((await call).url()).searchParams.get('lang')).toBe(language)
    })
  })

  describe('after a submit', () => {
    it.each([
      ['the page says so', "document.getElementById('form').geetest.reset()"],
      ['the form is reset', "document.getElementById('form').reset()"],
    ])('draws a new captcha when %s, and leaves nothing of the old one', async (_when, act) => {
      const page = await visit({ fetch: true })
      await logIn(page, 'wrong')
      await said(page, 'wrong_password')
      await page.evaluate(act)
      await reach(page, 'ready')
      const hidden = await page.locator('#form input[type=hidden]').count()
      await logIn(page)
      await said(page, 'welcome')
      expect([hidden, stage.site.sessions.length]).toEqual([FIELDS.length, 2])
    })

    it('takes another captcha where the visitor edits the form', async () => {
      const page = await visit({ fetch: true })
      await logIn(page, 'wrong')
      await said(page, 'wrong_password')
      await password(page, 'right')
      await reach(page, 'ready')
      await logIn(page)
      await said(page, 'welcome')
      expect(new Set(stage.site.posts.map(({ lot_number }) => lot_number)).size).toBe(2)
    })

    it('sends the same answer again where the page says that it was not judged', async () => {
      const page = await visit({ fetch: true })
      await stage.site.simulator.fault('500', { endpoint: 'validate4' })
      await logIn(page)
      await said(page, 'unavailable')
      await stage.site.simulator.fault('none')
      await page.evaluate("document.getElementById('form').geetest.keep()")
      await login(page).click()
      await said(page, 'welcome')
      expect(stage.site.posts[1]?.lot_number).toBe(stage.site.posts[0]?.lot_number)
    })
  })

  describe('in an outage', () => {
    beforeEach(() => stage.site.captcha4.force(DOWN))

    /** What one answer to a downtime challenge looks like. */
    const answers = () => [
      {
        captcha_id: stage.site.simulator.captchaId,
        lot_number: String(stage.site.posts[0]?.pass_token).slice(0, 32),
        pass_token: expect.stringContaining('gt-offline'),
        gen_time: expect.stringMatching(/^\d{10}$/),
      },
    ]

    it.each(['float', 'embed'])('can be solved by the mouse, as %s', async (product) => {
      const page = await visit({ attributes: `data-product="${product}"` })
      await login(page).click()
      await box(page).click()
      await welcome(page)
      expect(stage.site.posts).toMatchObject(answers())
    })

    it.each(['popup', 'bind'])('begins by itself, as %s', async (product) => {
      const page = await visit({ attributes: `data-product="${product}"` })
      await login(page).click()
      await welcome(page)
      expect(stage.site.posts).toMatchObject(answers())
    })

    it.each(['float', 'bind'])('can be solved by the keyboard alone, as %s', async (product) => {
      const page = await visit({ attributes: `data-product="${product}"` })
      await page.locator('#form [name=password]').focus()
      await page.keyboard.press('Enter')
      if (product === 'float') await page.keyboard.press('Space')
      await welcome(page)
      expect(stage.site.posts).toMatchObject(answers())
    })

    it('takes the challenge that it has, and waits for no host of the cloud', async () => {
      const { page } = await open()
      const asked = listen(page)
      await stage.show(page, pageOf(form(v4())))
      await reach(page, 'ready')
      expect(asked.slice(2)).toEqual(['/gt4.js', '/v4/getcaptcha', '/gt4-form.js', '/gt4-offline.js', '/gt-offline.js'])
    })

    it('sends no fields of version 3', async () => {
      const page = await visit()
      await login(page).click()
      await box(page).click()
      await welcome(page)
      expect(Object.keys(stage.site.posts[0] ?? {})).toEqual(['username', 'password', ...FIELDS])
    })

    it('takes another challenge for the next attempt', async () => {
      const page = await visit({ fetch: true, attributes: 'data-product="bind"' })
      await password(page, 'wrong')
      await login(page).click()
      await said(page, 'wrong_password')
      await password(page, 'right')
      await reach(page, 'ready')
      await login(page).click()
      await said(page, 'welcome')
      expect(new Set(stage.site.posts.map(({ pass_token }) => pass_token)).size).toBe(2)
    })

    it('goes back to the cloud once that is back', async () => {
      const page = await visit({ fetch: true, attributes: 'data-product="bind"' })
      await password(page, 'wrong')
      await login(page).click()
      await said(page, 'wrong_password')
      stage.site.captcha4.force(undefined)
      await page.evaluate("document.getElementById('form').geetest.reset()")
      await reach(page, 'ready')
      await logIn(page)
      await said(page, 'welcome')
      expect(stage.site.posts[1]?.pass_token).toBe(stage.site.simulator.lots.at(-1)?.solved?.pass_token)
    })

    it('axe finds nothing on it', async () => {
      expect(await complaints(await visit())).toEqual([])
    })
  })

  describe('when the cloud goes in the middle', () => {
    it('asks its own scene again by itself, and takes the downtime captcha', async () => {
      await stage.site.simulator.fault('500', { endpoint: 'load' })
      const { page } = await open()
      // The server believes in the cloud until the page has asked it in vain.
      page.on('request', (request) => {
        if (request.url().includes('/load?')) stage.site.captcha4.force(DOWN)
      })
      await stage.show(page, pageOf(form(v4())))
      await reach(page, 'ready')
      await login(page).click()
      await box(page).click()
      await welcome(page)
      expect(stage.site.sessions).toHaveLength(2)
    })

    it('is ready for an outage that began after the site has looked', async () => {
      const { page } = await open()
      await page.route(/\/load\?/, async (route) => {
        await stage.site.simulator.fault('refuse')
        await route.continue()
      })
      await stage.show(page, pageOf(form(v4())))
      await reach(page, 'ready')
      await login(page).click()
      await box(page).click()
      await welcome(page)
      expect(stage.site.posts).toMatchObject([{ pass_token: expect.stringContaining('gt-offline') }])
    })

    it('says so where the site sees no outage, and takes a captcha at the next attempt', async () => {
      const { page } = await open()
      await page.addInitScript(detail('error'))
      await page.route(/\/load\?/, (route) => route.abort('blockedbyclient'))
      await stage.show(page, pageOf(form(v4())))
      await reach(page, 'error')
      const code = await page.evaluate('detail.code')
      await page.unroute(/\/load\?/)
      await line(page).getByRole('button').click()
      await reach(page, 'ready')
      expect([code, stage.site.sessions.length]).toEqual(['60100', 3])
    })
  })

  it.each(['/gt4.js', '/gt4-form.js'])(
    'asks again by itself, or at the next attempt, where %s was blocked',
    async (path) => {
      const { page } = await open()
      await page.route(`**${path}`, (route) => route.abort('blockedbyclient'))
      await stage.show(page, pageOf(form(v4())))
      await reach(page, 'error')
      await page.unroute(`**${path}`)
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    },
  )

  it('says in its code that the scene is one of version 3', async () => {
    const { page } = await open()
    await page.addInitScript(detail('error'))
    await stage.show(page, pageOf(form({ attributes: 'data-version="4"' })))
    await reach(page, 'error')
    expect(await page.evaluate('detail.code')).toBe('60001')
  })

  describe('beside other captchas', () => {
    const both = form({ id: 'old' }) + form(v4())

    it.each(['the cloud', 'an outage'])('of version 3 works on one page, in %s', async (mode) => {
      if (mode === 'an outage') for (const one of [stage.site.captcha, stage.site.captcha4]) one.force(DOWN)
      const { page } = await openAt(pageOf(both, { fetch: true }))
      await Promise.all([reach(page, 'ready', 'old'), reach(page, 'ready')])
      for (const id of ['old', 'form']) {
        await login(page, id).click()
        if (mode === 'the cloud') await solve(page)
        else await page.locator(`#${id}`).getByRole('checkbox').click()
        await reach(page, 'spent', id)
      }
      await said(page, 'welcome')
      expect(stage.site.posts.map((post) => Object.keys(post).slice(2))).toEqual([
        ['geetest_challenge', 'geetest_validate', 'geetest_seccode'],
        FIELDS,
      ])
    })

    it('that the page has made itself by initGeetest4 works too', async () => {
      const page = await visit()
      await page.evaluate(`document.body.appendChild(document.createElement('div')).id = 'own'`)
      const { captchaId, url } = stage.site.simulator
      await makeCaptcha4(
        page,
        { captchaId, apiServers: [new URL(url).host], language: 'eng' },
        "captcha.appendTo('#own')",
      )
      await page.locator('#own .geetest_radar_btn').click()
      await solve(page)
      await page.locator('#own .geetest_holder.geetest_success').waitFor()
      const own = await page.locator('#own input[type=hidden]').count()
      await logIn(page)
      await welcome(page)
      expect([own, stage.site.posts.length]).toEqual([0, 1])
    })
  })
})
