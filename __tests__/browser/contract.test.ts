import type { Page } from 'playwright-core'
import { act, errorOf, inputs, names, panel, waitFor } from './support/captcha'
import { describeInChromium, type OpenTab } from './support/chromium'
import { checkbox, type Widget } from './support/widgets'

type Options = Parameters<OpenTab>[0]

const INPUTS = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']
const IN_PLACE = { product: 'embed' }

/** What our own widget promises to the page. What it and the vendor's do differently stands in contract-vendor.test.ts. */
function testContract({ made, opened, solve, solveOpen }: Widget): void {
  async function ready(config?: object, then?: string, options?: Options): Promise<Page> {
    const { page } = await made(config, then, options)
    await waitFor(page, 'Ready')
    return page
  }
  async function solved(config: object = IN_PLACE, then?: string): Promise<Page> {
    const page = await ready(config, then)
    await solve(page)
    await waitFor(page, 'Success')
    return page
  }

  describe('the answer', () => {
    it('is false before the visitor has passed', async () => {
      expect(await act(await ready(), 'getValidate()')).toBe(false)
    })

    it('is the three fields by their names, with the mark of the vendor', async () => {
      const answer = (await act(await solved(), 'getValidate()')) as Record<string, string>
      expect(Object.keys(answer)).toEqual(INPUTS)
      expect(answer.geetest_seccode).toBe(`${answer.geetest_validate}|jordan`)
    })

    it('fills three hidden inputs', async () => {
      const page = await solved()
      const answer = (await act(page, 'getValidate()')) as Record<string, string>
      expect(await inputs(page)).toEqual(
        INPUTS.map((name) => ({ type: 'hidden', name, className: name, value: answer[name] })),
      )
    })

    it.each(['reset', 'refresh'])('is emptied by %s, and a new round can be passed', async (method) => {
      const page = await solved()
      const old = await page.$('.geetest_holder')
      await act(page, `${method}()`)
      const emptied = [await act(page, 'getValidate()'), ...(await inputs(page)).map(({ value }) => value)]
      await page.waitForFunction((holder) => !(holder as unknown as { isConnected: boolean }).isConnected, old)
      await page.waitForSelector('.geetest_holder.geetest_ready')
      await solve(page)
      await waitFor(page, 'Success', 2)
      expect(emptied).toEqual([false, '', '', ''])
    })

    it('comes with the time that it took', async () => {
      expect(await act(await solved(), 'getPasstime()')).toEqual(expect.any(Number))
    })
  })

  describe('methods', () => {
    it('chain', async () => {
      const page = await ready()
      const chain = "bindForm('#form').enable().disable().zoom(1).hideRefresh().show().hide().verify().onReady(String)"
      expect(await page.evaluate(`captcha.${chain} === captcha`)).toBe(true)
    })

    it('bindForm moves the hidden inputs into the form', async () => {
      const page = await ready({}, "captcha.appendTo('#second').bindForm('#form')")
      expect(await inputs(page, '#form > .geetest_form')).toHaveLength(3)
    })

    it.each(['bindOn', 'bindButton'])(
      '%s opens the check by a button, and lets the next click through',
      async (method) => {
        const page = await ready({ product: 'popup' }, `captcha.appendTo('#captcha').${method}('#submit')`)
        await page.click('#submit')
        await panel(page).waitFor()
        const stayed = new URL(page.url()).search
        await solveOpen(page)
        await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
        await page.click('#submit')
        await page.waitForURL(/geetest_seccode=.+jordan/)
        expect(stayed).toBe('')
      },
    )

    it.each(['show', 'verify'])('%s opens a popup', async (method) => {
      const page = await ready({ product: 'popup' })
      await act(page, `${method}()`)
      expect(await page.locator('.geetest_popup_wrap .geetest_panel').isVisible()).toBe(true)
    })

    it('verify opens "bind", which stands nowhere in the page', async () => {
      const page = await ready({ product: 'bind' }, '')
      const before = await panel(page).count()
      await act(page, 'verify()')
      await solveOpen(page)
      await waitFor(page, 'Success')
      expect(before).toBe(0)
    })

    it('verify opens "bind" as soon as it can, where it comes before ready', async () => {
      const { page } = await made({ product: 'bind' }, 'captcha.verify()')
      await panel(page).waitFor()
      expect(await panel(page).isVisible()).toBe(true)
    })

    it('hide closes a popup', async () => {
      const page = await opened()
      await act(page, 'hide()')
      expect(await page.locator('.geetest_popup_wrap').count()).toBe(0)
    })

    it('hide and show take what stands in the page away and bring it back', async () => {
      const page = await ready(IN_PLACE)
      await act(page, 'hide()')
      const hidden = await panel(page).isHidden()
      await act(page, 'show()')
      expect([hidden, await panel(page).isVisible()]).toEqual([true, true])
    })

    it('disable keeps a popup shut, and enable undoes it', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'disable().show()')
      const shut = await page.locator('.geetest_popup_wrap').count()
      await act(page, 'enable().show()')
      expect([shut, await page.locator('.geetest_popup_wrap').count()]).toEqual([0, 1])
    })

    it('zoom scales what is drawn', async () => {
      const page = await ready(IN_PLACE)
      await act(page, 'zoom(1.5)')
      expect((await panel(page).boundingBox())?.width).toBe(450)
    })

    it('destroy leaves nothing on the page, and nothing happens afterwards', async () => {
      const page = await opened()
      await act(page, "bindForm('#form').destroy()")
      const left = await page.locator('[class*=geetest_]').count()
      await act(page, "show().reset().appendTo('#captcha')")
      expect([left, await page.locator('[class*=geetest_]').count()]).toEqual([0, 0])
    })
  })

  describe('events', () => {
    it('ready is delivered to a handler that comes late', async () => {
      const page = await ready()
      const late = 'new Promise(function (resolve) { captcha.onReady(function () { resolve(this === captcha) }) })'
      expect(await page.evaluate(late)).toBe(true)
    })

    it('come in the order of what happens', async () => {
      const page = await solved()
      expect(names(await waitFor(page, 'StatusChange'))).toEqual(['Ready', 'NextReady', 'Success', 'StatusChange'])
    })

    it.each([
      ['the button', (page: Page) => page.click('.geetest_close')],
      ['Escape', (page: Page) => page.keyboard.press('Escape')],
      ['a click beside the panel', (page: Page) => page.mouse.click(20, 20)],
    ])('close comes when the visitor leaves by %s', async (_how, leave) => {
      const page = await opened()
      await leave(page)
      expect(names(await waitFor(page, 'Close'))).toEqual(['Ready', 'BoxShow', 'NextReady', 'Close'])
    })

    it('close does not come after a success, which closes by itself', async () => {
      const page = await ready({ product: 'popup', hideSuccess: true })
      await act(page, 'show()')
      await solveOpen(page)
      await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
      expect(names(await waitFor(page, 'StatusChange'))).not.toContain('Close')
    })

    it('an exception in a handler becomes error_116', async () => {
      const throwing = "captcha.onSuccess(function () { throw new Error('mine') }).appendTo('#captcha')"
      const tab = await made(IN_PLACE, throwing)
      await waitFor(tab.page, 'Ready')
      await solve(tab.page)
      expect([(await errorOf(tab.page))?.code, tab.exceptions]).toEqual(['error_116', []])
    })

    it('an exception in onError goes no further', async () => {
      const tab = await made({}, "captcha.onError(function () { throw new Error('mine') }).appendTo('#nowhere')")
      await waitFor(tab.page, 'Error')
      expect(tab.exceptions).toEqual([])
    })
  })

  describe('errors', () => {
    it.each([
      ["appendTo('#nowhere')", 'error_100'],
      ["appendTo('##')", 'error_100'],
      ['appendTo(null)', 'error_100'],
      ["bindForm('#nowhere')", 'error_100'],
      ["bindOn('#nowhere')", 'error_101'],
      ["bindButton('#nowhere')", 'error_101'],
      ["onSuccess('no function')", 'error_102'],
    ])('%s is %s', async (call, code) => {
      const { page } = await made({}, `captcha.${call}`)
      expect(await errorOf(page)).toMatchObject({ code, error_code: code, user_error: 'Configuration error' })
    })

    it('"custom" without an area is error_112', async () => {
      const { page } = await made({ product: 'custom' })
      expect(await errorOf(page)).toMatchObject({ code: 'error_112' })
    })
  })

  it('gives the focus back to where it was', async () => {
    const page = await ready({ product: 'popup' }, "captcha.appendTo('#captcha').bindOn('#submit')")
    await page.focus('#submit')
    await page.keyboard.press('Enter')
    await solveOpen(page)
    await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.id')).toBe('submit')
  })
}

describeInChromium('the captcha object of the downtime widget', (open) => {
  testContract(checkbox(open))
})
