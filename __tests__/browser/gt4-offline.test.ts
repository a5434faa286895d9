import type { Page } from 'playwright-core'
import { asDowntimeAnswer, readAnswerV4 } from '../../lib/answer/v4'
import { proofOfWork } from '../../lib/downtime/proof-of-work'
import { act, bar, complaints, drag, errorOf, names, waitFor } from './support/captcha'
import { failureOf, makeCaptcha4, setStage4 } from './support/captcha-v4'
import { describeInChromium, type Tab } from './support/chromium'
import { hang, html, script, status, type Route } from './support/host'
import { box, challenges, says, type Kind } from './support/offline'

type Options = Parameters<Parameters<Parameters<typeof describeInChromium>[1]>[0]>[0]

const DEAD = { apiServers: ['127.0.0.1:9'] }
const work = proofOfWork({ privateKey: '0123456789abcdef0123456789abcdef' })

const json =
  (body: object, code = 200): Route =>
  (response) =>
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))

describeInChromium('version 4 in an outage', (open) => {
  const stage = setStage4(open)
  /** What the site's server has issued, oldest first. */
  let issued: string[] = []

  /** The site's server sees an outage too: each call gets a challenge of its own. */
  function down(kind: Kind = 'quick'): void {
    stage.site.serve({
      '/getcaptcha': (...request) => {
        const challenge = challenges[kind]()
        issued.push(challenge)
        json({ success: 0, gt: stage.simulator.captchaId, challenge, new_captcha: true })(...request)
      },
    })
  }

  /** A page on which the captcha has been asked for while no host of the cloud answers. */
  async function made(config: object = {}, then?: string, options?: Options): Promise<Tab> {
    const tab = await open(options)
    await tab.page.goto(stage.site.origin)
    await makeCaptcha4(tab.page, stage.config({ ...DEAD, ...config }), then)
    return tab
  }
  async function ready(config?: object, then?: string): Promise<Page> {
    const { page } = await made(config, then)
    await waitFor(page, 'Ready')
    return page
  }
  async function solved(config?: object): Promise<Page> {
    const page = await ready(config)
    await box(page).click()
    await waitFor(page, 'Success')
    return page
  }
  const answerOf = (page: Page) => act(page, 'getValidate()') as Promise<Record<string, string>>

  beforeEach(() => {
    issued = []
    stage.site.asked.splice(0)
    down()
  })

  describe('the answer', () => {
    it('is false until the visitor has passed', async () => {
      expect(await answerOf(await ready())).toBe(false)
    })

    it('is the five fields of version 4, and no fields of version 3 stand in the form', async () => {
      const page = await solved()
      expect(await answerOf(page)).toEqual({
        captcha_id: stage.simulator.captchaId,
        lot_number: issued[0]?.slice(0, 32),
        captcha_output: expect.stringMatching(/^[\d.a-z]+$/),
        pass_token: issued[0],
        gen_time: expect.stringMatching(/^\d{10}$/),
      })
      expect(await page.locator('#form input[type=hidden]').count()).toBe(0)
    })

    it('gets through the door of the guard, and the provider that issued takes it', async () => {
      const read = readAnswerV4(await answerOf(await solved()))
      expect(typeof read === 'object' && work.verify(asDowntimeAnswer(read))).toBe(true)
    })

    it('comes with the methods of the vendor’s objects', async () => {
      const page = await ready()
      expect(await page.evaluate("[captcha.isOffline(), captcha.uploadExtraData('a', {}) === undefined]")).toEqual([
        true,
        true,
      ])
    })

    it('comes by the keyboard too', async () => {
      const page = await ready()
      await box(page).focus()
      await page.keyboard.press('Space')
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it('is ready before the page appends it, and is drawn where the page then wants it', async () => {
      const page = await ready({}, ';')
      await act(page, "appendTo('#captcha')")
      await page.locator('#captcha').getByRole('checkbox').click()
      expect(names(await waitFor(page, 'Success'))).toEqual(['Ready', 'NextReady', 'Success'])
    })
  })

  describe('the server decides', () => {
    it.each<[string, Route]>([
      ['sees no outage', json({ success: 1, gt: 'x' })],
      [
        'sees no outage and names a challenge all the same',
        (...r) => json({ success: 1, challenge: challenges.quick() })(...r),
      ],
      ['answers 503', json({ success: 0 }, 503)],
      ['answers an error with a challenge', (...r) => json({ success: 0, challenge: challenges.quick() }, 500)(...r)],
      ['is not there', status(404)],
      ['answers with a page', html('<h1>Log in</h1>')],
      ['answers nothing of use', json({ success: 0, challenge: 7 })],
      ['answers null', html('null')],
    ])('nothing takes the cloud’s place where the site %s', async (_how, answer) => {
      stage.site.serve({ '/getcaptcha': answer })
      const { page } = await made()
      expect(await failureOf(page)).toMatchObject({ code: '60100', msg: 'Network failure' })
      expect(stage.site.asked).not.toContain('/gt-offline.js')
    })

    it('is asked once more, for an outage that it has not seen yet', async () => {
      stage.site.serve({
        '/getcaptcha': (...request) => {
          down()
          json({ success: 1, gt: stage.simulator.captchaId, challenge: '' })(...request)
        },
      })
      await ready()
      expect(stage.site.asked.filter((path) => path === '/getcaptcha')).toHaveLength(2)
    })

    it('is not asked while the cloud answers', async () => {
      const page = await ready({ apiServers: undefined, ...stage.config() })
      expect(await bar(page).count()).toBe(1)
      expect(stage.site.asked).not.toContain('/getcaptcha')
    })

    it('is not asked where the cloud refuses', async () => {
      const { page } = await made({ ...stage.config(), captchaId: 'f'.repeat(32) })
      expect(await failureOf(page)).toMatchObject({ code: '-50103' })
      expect(stage.site.asked).not.toContain('/getcaptcha')
    })

    it('is asked where the page says that it is', async () => {
      stage.site.serve({
        '/captcha/gt4-offline.js': (...request) =>
          script("window.geetestOffline4 = function (config, start, done, failed) { failed({ code: 'there' }) }")(
            ...request,
          ),
      })
      const { page } = await made({ base: '/captcha/' })
      expect(await failureOf(page)).toEqual({ code: 'there' })
    })

    it('says of its script that it cannot be had', async () => {
      stage.site.serve({
        '/getcaptcha': json({ success: 0, challenge: `${'a'.repeat(32)}.not-there.1` }),
      })
      const { page } = await made()
      expect(await failureOf(page)).toMatchObject({ code: '60204' })
    })
  })

  describe('what the site has issued already', () => {
    const issue = () => ({ success: 0, challenge: challenges.quick() })

    it('is taken without asking anybody', async () => {
      const given = issue()
      const asked: string[] = []
      const { page } = await open()
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await page.goto(stage.site.origin)
      await makeCaptcha4(page, stage.config({ issue: given }))
      await waitFor(page, 'Ready')
      await box(page).click()
      await waitFor(page, 'Success')
      expect((await answerOf(page)).pass_token).toBe(given.challenge)
      expect(asked.filter((path) => /load|getcaptcha/.test(path))).toEqual([])
    })

    it('is good once: who starts over asks anew', async () => {
      const page = await solved({ issue: issue() })
      await act(page, 'reset()')
      await page.locator('input[type=checkbox]:not(:checked)').waitFor()
      await box(page).click()
      await waitFor(page, 'Success', 2)
      expect((await answerOf(page)).pass_token).toBe(issued[0])
    })

    it('leaves the cloud to be asked where it tells of no outage', async () => {
      const page = await ready({ ...stage.config(), issue: { success: 1, challenge: '' } })
      expect(await bar(page).count()).toBe(1)
      expect(stage.site.asked).not.toContain('/getcaptcha')
    })
  })

  describe('starting over', () => {
    it('gets another challenge, and forgets the answer to the first', async () => {
      const page = await solved()
      const first = await answerOf(page)
      await act(page, 'reset()')
      const emptied = await answerOf(page)
      await page.locator('input[type=checkbox]:not(:checked)').waitFor()
      await box(page).click()
      await waitFor(page, 'Success', 2)
      const second = await answerOf(page)
      expect([emptied, first.pass_token, second.pass_token]).toEqual([false, issued[0], issued[1]])
    })

    it('tells the handlers of the page, and once only that it is ready', async () => {
      const page = await solved()
      await act(page, 'reset()')
      await page.locator('input[type=checkbox]:not(:checked)').waitFor()
      await box(page).click()
      expect(names(await waitFor(page, 'Success', 2))).toEqual([
        'Ready',
        'NextReady',
        'Success',
        'NextReady',
        'Success',
      ])
    })

    it('asks once, however often the page says so', async () => {
      const page = await solved()
      await act(page, 'reset().reset().reset()')
      await page.locator('input[type=checkbox]:not(:checked)').waitFor()
      expect(issued).toHaveLength(2)
    })

    it('leads back to the slider of the cloud, which passes', async () => {
      await stage.simulator.fault('500', { endpoint: 'load' })
      const page = await solved(stage.config())
      await stage.simulator.fault('none')
      await act(page, 'reset()')
      await bar(page).click()
      await drag(page)
      await waitFor(page, 'Success', 2)
      const { pass_token } = await answerOf(page)
      expect(pass_token).toBe(
        stage.simulator.lots.find(({ solved }) => solved?.pass_token === pass_token)?.solved?.pass_token,
      )
    })

    it('tells onError where neither the cloud nor an outage is there', async () => {
      const page = await solved()
      stage.site.serve({ '/getcaptcha': json({ success: 1 }) })
      await act(page, 'reset()')
      expect(await errorOf(page)).toMatchObject({ code: '60100' })
    })

    it('brings nothing back once it is destroyed', async () => {
      const page = await solved()
      await act(page, 'reset().destroy()')
      // One that was asked for later is there: so would be the other.
      await makeCaptcha4(page, stage.config(DEAD), "captcha.appendTo('#second')")
      await waitFor(page, 'Ready', 2)
      expect([await box(page).count(), await page.locator('#captcha [class*=geetest_]').count()]).toEqual([1, 0])
    })
  })

  describe('an error', () => {
    it.each([
      ['eng', 'Configuration error'],
      ['zho', '配置错误'],
    ])('has words for people in msg, in %s, and those for developers in desc.detail', async (language, msg) => {
      const { page } = await made({ language }, "captcha.appendTo('#nowhere')")
      expect(await errorOf(page)).toEqual({ code: '60002', msg, desc: { detail: expect.stringContaining('appendTo') } })
    })

    it('of the cloud’s captcha, which has taken the place of this one, is handed on as it is', async () => {
      await stage.simulator.fault('500', { endpoint: 'load' })
      const page = await solved(stage.config())
      await stage.simulator.fault('none')
      await act(page, 'reset()')
      await bar(page).click()
      await stage.simulator.fault('500', { endpoint: 'verify' })
      await drag(page)
      expect(await errorOf(page)).toEqual({
        code: '60101',
        msg: 'Network failure, try again',
        desc: { detail: expect.stringContaining('verify') },
        lot_number: expect.stringMatching(/^[0-9a-f]{32}$/),
      })
    })
  })

  describe('products', () => {
    it('float stands in the page', async () => {
      const page = await ready({ product: 'float' })
      expect(await page.locator('#captcha input[type=checkbox]').isVisible()).toBe(true)
    })

    it('bind opens by showCaptcha, and starts over after a success', async () => {
      const page = await ready({ product: 'bind' }, '')
      await act(page, 'showCaptcha()')
      await waitFor(page, 'Success')
      await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
      await act(page, 'showCaptcha()')
      await waitFor(page, 'Success', 2)
      expect(issued).toHaveLength(2)
    })

    it('bind opens by showBox before it is ready', async () => {
      const { page } = await made({ product: 'bind' }, 'captcha.showBox()')
      expect(names(await waitFor(page, 'Success'))).toContain('BoxShow')
    })
  })

  it.each(['eng', 'zho'])('speaks %s', async (language) => {
    const page = await ready({ language })
    const text = String(await says(page).first().textContent())
    expect(/[\u4e00-\u9fff]/.test(text)).toBe(language === 'zho')
  })

  it('axe finds nothing on it', async () => {
    expect(await complaints(await ready())).toEqual([])
  })

  it('waits for no host longer than it must', async () => {
    const slow = stage.site
    slow.serve({ '/load': hang })
    const page = await ready({ apiServers: [slow.name], timeout: 500 })
    expect(await box(page).count()).toBe(1)
  })

  it('works under a Content-Security-Policy without unsafe-inline', async () => {
    const { page } = await open()
    const complaint: string[] = []
    await page.goto(`${stage.site.origin}/strict`)
    page.on('console', (message) => complaint.push(message.text()))
    const host = new URL(stage.simulator.url).host
    await stage.simulator.fault('500', { endpoint: 'load' })
    await makeCaptcha4(page, stage.config({ apiServers: [host] }))
    await page.waitForSelector('.geetest_holder.geetest_ready')
    await box(page).click()
    await page.waitForSelector('.geetest_holder.geetest_success')
    expect(complaint.filter((text) => /Content.Security/.test(text))).toEqual([])
  })
})
