import type { Page } from 'playwright-core'
import { createCloudV4 } from '../../lib/cloud/v4'
import { readAnswerV4, type AnswerV4 } from '../../lib/answer/v4'
import { axiosSender } from '../../lib/http'
import { act, bar, complaints, drag, errorOf, handle, names, panel, place, waitFor } from './support/captcha'
import { failureOf, makeCaptcha4, setStage4 } from './support/captcha-v4'
import { describeInChromium } from './support/chromium'
import { standStill } from './support/still'

const POPUP = { product: 'popup' }
const BIND = { product: 'bind' }

describeInChromium('the simulator under gt4.js', (open) => {
  const stage = setStage4(open)
  const { made, ready } = stage

  async function opened(config: object = POPUP, options?: Parameters<typeof open>[0]): Promise<Page> {
    const page = await ready({ ...POPUP, ...config }, options)
    await bar(page).click()
    await handle(page).waitFor()
    return page
  }
  async function solved(config?: object): Promise<Page> {
    const page = await opened(config)
    await drag(page)
    await waitFor(page, 'Success')
    return page
  }

  describe('the answer', () => {
    it('is undefined until the visitor has passed, then the five fields', async () => {
      const page = await opened()
      const before = await act(page, 'getValidate()')
      await drag(page)
      await waitFor(page, 'Success')
      expect([before, Object.keys((await act(page, 'getValidate()')) as object).toSorted()]).toEqual([
        undefined,
        ['captcha_id', 'captcha_output', 'gen_time', 'lot_number', 'pass_token'],
      ])
    })

    it('is taken by the cloud of the server side', async () => {
      const page = await solved()
      const { captchaId, privateKey, url } = stage.simulator
      const cloud = createCloudV4({ captchaId, privateKey, apiServer: url }, axiosSender({}, 2000))
      const answer = readAnswerV4(await act(page, 'getValidate()')) as AnswerV4
      expect(await cloud.validate(answer)).toEqual({ verdict: 'ok' })
    })

    it('puts no fields of version 3 into the form around it', async () => {
      const page = await solved()
      expect(await page.locator('#form input[type=hidden]').count()).toBe(0)
    })

    it('is gone after a reset, and a new round gives another', async () => {
      const page = await solved()
      const first = (await act(page, 'getValidate()')) as Record<string, string>
      await act(page, 'reset()')
      const emptied = await act(page, 'getValidate()')
      await waitFor(page, 'NextReady', 2)
      await bar(page).click()
      await drag(page)
      await waitFor(page, 'Success', 2)
      const second = (await act(page, 'getValidate()')) as Record<string, string>
      expect([emptied, second.lot_number === first.lot_number]).toEqual([undefined, false])
    })
  })

  describe('solving', () => {
    it('works with the mouse, and tells what happens in order', async () => {
      const page = await solved()
      expect(names(await waitFor(page, 'Success'))).toEqual(['Ready', 'NextReady', 'BoxShow', 'Success'])
    })

    it('works with a finger', async () => {
      const page = await opened(POPUP, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } })
      const { x, y, gap } = await place(page)
      const finger = await page.context().newCDPSession(page)
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
        finger.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y }] })
      await touch('touchStart', x)
      await touch('touchMove', x + gap / 2)
      await touch('touchMove', x + gap)
      await touch('touchEnd')
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it('works with the keyboard alone', async () => {
      const page = await ready(POPUP)
      await bar(page).focus()
      await page.keyboard.press('Enter')
      const { gap } = await place(page)
      for (let i = 0; i < Math.floor(gap / 20); i++) await page.keyboard.press('PageUp')
      for (let i = 0; i < Math.floor((gap % 20) / 10); i++) await page.keyboard.press('Shift+ArrowRight')
      for (let i = 0; i < gap % 10; i++) await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it('tells a miss, and lets the visitor try again with another picture of the same lot', async () => {
      const page = await opened()
      await drag(page, 25)
      await waitFor(page, 'NextReady', 2)
      await drag(page)
      const happened = await waitFor(page, 'Success')
      const lots = happened.filter(({ event }) => event === 'NextReady').map(({ value }) => value?.lotNumber)
      expect(names(happened)).toEqual(['Ready', 'NextReady', 'BoxShow', 'Fail', 'NextReady', 'Success'])
      expect(lots).toEqual([lots[0], lots[0]])
    })

    it('works after another picture was asked for', async () => {
      const page = await opened()
      await page.click('.geetest_refresh')
      await waitFor(page, 'NextReady', 2)
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })
  })

  describe('products', () => {
    it('float, the default, hangs the puzzle below its button', async () => {
      const page = await ready()
      await bar(page).click()
      const [over, under] = [await bar(page).boundingBox(), await panel(page).boundingBox()]
      expect(under?.y).toBeGreaterThan((over?.y ?? 0) + (over?.height ?? 0))
    })

    it('popup covers the page', async () => {
      const page = await opened()
      expect(await page.locator('.geetest_popup_wrap').boundingBox()).toEqual({ x: 0, y: 0, width: 1280, height: 720 })
    })

    it.each(['showCaptcha', 'showBox'])('bind draws nothing, and opens by %s', async (method) => {
      const page = await ready(BIND, {}, '')
      const drawn = await page.locator('.geetest_radar_btn:visible, .geetest_panel:visible').count()
      await act(page, `${method}()`)
      await drag(page)
      expect([drawn, names(await waitFor(page, 'Success')).includes('Success')]).toEqual([0, true])
    })

    it('bind opens as soon as it can when showCaptcha comes first', async () => {
      const { page } = await made(BIND, {}, 'captcha.showCaptcha()')
      await handle(page).waitFor()
      expect(await panel(page).isVisible()).toBe(true)
    })

    it('bind starts over when it is shown after a success', async () => {
      const page = await ready(BIND, {}, '')
      await act(page, 'showCaptcha()')
      await drag(page)
      await waitFor(page, 'Success')
      await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
      await act(page, 'showCaptcha()')
      await drag(page)
      expect(names(await waitFor(page, 'Success', 2)).filter((name) => name === 'BoxShow')).toHaveLength(2)
    })
  })

  describe('configuration', () => {
    it('gives the button the size of the vendor’s', async () => {
      const page = await ready()
      expect(await bar(page).boundingBox()).toMatchObject({ width: 260, height: 50 })
    })

    it('nativeButton gives the button another', async () => {
      const page = await ready({ nativeButton: { width: '300px', height: 60 } })
      expect(await bar(page).boundingBox()).toMatchObject({ width: 300, height: 60 })
    })

    it('rem scales it', async () => {
      const page = await ready({ rem: 0.5 })
      expect((await bar(page).boundingBox())?.width).toBe(130)
    })

    it('hideBar takes buttons away', async () => {
      const page = await opened({ hideBar: ['close', 'refresh'] })
      expect(await page.locator('.geetest_close:visible, .geetest_refresh:visible').count()).toBe(0)
    })

    it('nextWidth gives the panel its width', async () => {
      const page = await opened({ nextWidth: '360px' })
      expect((await panel(page).boundingBox())?.width).toBe(360)
    })

    it('mask colours the cover, and may keep a click on it from closing', async () => {
      const page = await opened({ mask: { outside: false, bgColor: '#ff0000' } })
      const cover = await page
        .locator('.geetest_popup_ghost')
        .evaluate((ghost) => (ghost as unknown as { style: { background: string } }).style.background)
      await page.mouse.click(20, 20)
      expect([cover, await panel(page).isVisible()]).toEqual(['rgb(255, 0, 0)', true])
    })

    it('a click on the cover closes, where nothing else is said', async () => {
      const page = await opened()
      await page.mouse.click(20, 20)
      expect(names(await waitFor(page, 'Close'))).toEqual(['Ready', 'NextReady', 'BoxShow', 'Close'])
    })

    it('a captcha that is destroyed lets others be closed by their cover again', async () => {
      const page = await ready({ ...POPUP, mask: { outside: false } })
      await act(page, 'destroy()')
      await makeCaptcha4(page, stage.config(POPUP), "captcha.appendTo('#second')")
      await waitFor(page, 'Ready', 2)
      await bar(page).click()
      await waitFor(page, 'BoxShow')
      await page.mouse.click(20, 20)
      expect(names(await waitFor(page, 'Close'))).toContain('Close')
    })

    it('hideSuccess closes at once', async () => {
      const { page } = await open()
      await standStill(page)
      await page.goto(stage.site.origin)
      await makeCaptcha4(page, stage.config({ ...POPUP, hideSuccess: true }))
      await bar(page).click()
      await drag(page)
      await panel(page).waitFor({ state: 'detached' })
      expect(await page.evaluate('!!captcha.getValidate()')).toBe(true)
    })

    it.each([
      ['eng', undefined, 'Click to verify'],
      ['zho', undefined, '点击按钮进行验证'],
      ['zho-tw', undefined, '点击按钮进行验证'],
      [undefined, 'zh-CN', '点击按钮进行验证'],
      [undefined, 'de-DE', 'Click to verify'],
    ])('language %s in a browser that speaks %s', async (language, locale, text) => {
      const page = await ready({ language }, locale ? { locale } : {})
      expect(await bar(page).textContent()).toContain(text)
    })
  })

  describe('the object', () => {
    it('chains by its events and appendTo alone', async () => {
      const page = await ready(POPUP)
      const chain =
        "appendTo('#second').onReady(String).onNextReady(String).onBoxShow(String).onSuccess(String).onFail(String).onError(String).onClose(String)"
      expect(await page.evaluate(`captcha.${chain} === captcha`)).toBe(true)
    })

    it('leaves nothing on the page when it is destroyed', async () => {
      const page = await opened()
      await act(page, 'destroy()')
      expect(await page.locator('[class*=geetest_]').count()).toBe(0)
    })
  })

  describe('errors', () => {
    it('name a place that is not there', async () => {
      const { page } = await made({}, {}, "captcha.appendTo('#nowhere')")
      expect(await errorOf(page)).toEqual({
        code: '60002',
        msg: 'Configuration error',
        desc: { detail: 'appendTo: no such element' },
        lot_number: expect.stringMatching(/^[0-9a-f]{32}$/),
      })
    })

    it('name /verify where it does not answer', async () => {
      const page = await opened()
      await stage.simulator.fault('500', { endpoint: 'verify' })
      await drag(page)
      expect(await errorOf(page)).toMatchObject({ code: '60101', msg: 'Network failure, try again' })
    })

    it('name /load where it does not answer a reset', async () => {
      const page = await solved()
      await stage.simulator.fault('500', { endpoint: 'load' })
      await act(page, 'reset()')
      expect(await errorOf(page)).toMatchObject({ code: '60100' })
    })

    it('carry the cloud’s own code and description', async () => {
      const page = await opened()
      await stage.simulator.fault('error-code', { endpoint: 'verify', code: '-50305' })
      await drag(page)
      expect(await errorOf(page)).toMatchObject({
        code: '-50305',
        msg: 'as was ordered',
        desc: { type: 'defined error' },
      })
    })

    it('of the loader carry it too', async () => {
      const { page } = await made({ captchaId: 'f'.repeat(32) })
      expect(await failureOf(page)).toMatchObject({ code: '-50103' })
    })

    it('close the puzzle, and a press on the button starts over', async () => {
      const page = await opened()
      await stage.simulator.fault('500', { endpoint: 'verify' })
      await drag(page)
      await waitFor(page, 'Error')
      const left = await panel(page).count()
      await stage.simulator.fault('none')
      await bar(page).click()
      await drag(page)
      expect([left, names(await waitFor(page, 'Success')).at(-1)]).toEqual([0, 'Success'])
    })

    it('offer another try in the panel of "bind"', async () => {
      const page = await ready(BIND, {}, '')
      await act(page, 'showCaptcha()')
      await handle(page).waitFor()
      await stage.simulator.fault('500', { endpoint: 'verify' })
      await drag(page)
      await waitFor(page, 'Error')
      await stage.simulator.fault('none')
      await page.click('.geetest_retry')
      await waitFor(page, 'BoxShow', 2)
      await drag(page)
      expect(names(await waitFor(page, 'Success')).at(-1)).toBe('Success')
    })
  })

  it('goes on with another lot by itself before the one it has dies', async () => {
    const { page } = await open()
    await page.clock.install()
    await page.goto(stage.site.origin)
    await makeCaptcha4(page, stage.config(POPUP))
    await page.clock.runFor(100)
    await waitFor(page, 'NextReady')
    await Promise.all([page.waitForResponse(/\/load/), page.clock.fastForward(481_000)])
    await page.clock.runFor(100)
    expect(names(await waitFor(page, 'NextReady', 2))).toEqual(['Ready', 'NextReady', 'NextReady'])
  })

  it('is passed over for its stand-in where one host of the cloud is dead', async () => {
    const page = await ready({ apiServers: ['127.0.0.1:9', new URL(stage.simulator.url).host] })
    await bar(page).click()
    await drag(page)
    expect(names(await waitFor(page, 'Success'))).toContain('Success')
  })

  it.each([POPUP, {}])('axe finds nothing on it, closed and open: %j', async (config) => {
    const page = await ready(config)
    const closed = await complaints(page)
    await bar(page).click()
    await handle(page).waitFor()
    expect([closed, await complaints(page)]).toEqual([[], []])
  })

  it('works under a Content-Security-Policy without unsafe-inline', async () => {
    const { page } = await open()
    const complaint: string[] = []
    await page.goto(`${stage.site.origin}/strict`)
    page.on('console', (message) => complaint.push(message.text()))
    await makeCaptcha4(page, stage.config(POPUP))
    await page.waitForSelector('.geetest_holder.geetest_ready')
    await bar(page).click()
    await drag(page)
    await page.waitForSelector('.geetest_holder.geetest_success')
    expect(complaint).toEqual([])
  })
})
