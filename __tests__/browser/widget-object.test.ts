import { act, bar, drag, errorOf, handle, inputs, names, panel, setStage, waitFor } from './support/captcha'
import { describeInChromium } from './support/chromium'

describeInChromium('the captcha object', (open) => {
  const stage = setStage(open)
  const { made, opened, ready } = stage

  describe('methods', () => {
    it('chain', async () => {
      const page = await ready()
      const chain = "bindForm('#form').enable().disable().zoom(1).hideRefresh().show().hide().verify().onReady(String)"
      expect(await page.evaluate(`captcha.${chain} === captcha`)).toBe(true)
    })

    it('bindForm moves the hidden inputs into the form', async () => {
      const page = await ready({}, {}, "captcha.appendTo('#second').bindForm('#form')")
      expect(await inputs(page, '#form > .geetest_form')).toHaveLength(3)
    })

    it.each(['bindOn', 'bindButton'])('%s opens the check by a button of the page', async (method) => {
      const page = await ready({ product: 'popup' }, {}, `captcha.appendTo('#captcha').${method}('#submit')`)
      await page.click('#submit')
      await handle(page).waitFor()
      expect(new URL(page.url()).search).toBe('')
    })

    it('bindOn lets the click through once the visitor has passed', async () => {
      const page = await ready({ product: 'popup' }, {}, "captcha.appendTo('#captcha').bindOn('#submit')")
      await page.click('#submit')
      await drag(page)
      await panel(page).waitFor({ state: 'detached' })
      await page.click('#submit')
      await page.waitForURL(/geetest_seccode=.+jordan/)
      expect(new URL(page.url()).searchParams.get('geetest_validate')).toMatch(/^[0-9a-f]{32}$/)
    })

    it.each(['reset', 'refresh'])('%s empties the inputs and starts a new round that can be passed', async (method) => {
      const page = await ready({ product: 'embed' })
      await drag(page)
      await waitFor(page, 'Success')
      await act(page, `${method}()`)
      const emptied = (await inputs(page)).map(({ value }) => value)
      await page.waitForSelector('.geetest_holder.geetest_ready')
      await drag(page)
      await waitFor(page, 'Success', 2)
      expect(emptied).toEqual(['', '', ''])
    })

    it('show opens a popup', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'show()')
      expect(await panel(page).isVisible()).toBe(true)
    })

    it('hide closes a popup', async () => {
      const page = await opened()
      await act(page, 'hide()')
      expect(await panel(page).count()).toBe(0)
    })

    it('hide and show take an embedded puzzle away and bring it back', async () => {
      const page = await ready({ product: 'embed' })
      await act(page, 'hide()')
      const hidden = await panel(page).isHidden()
      await act(page, 'show()')
      expect([hidden, await panel(page).isVisible()]).toEqual([true, true])
    })

    it('disable keeps the check shut', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'disable().show()')
      expect([await panel(page).count(), await bar(page).isDisabled()]).toEqual([0, true])
    })

    it('enable undoes disable', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'disable().enable().show()')
      expect(await panel(page).isVisible()).toBe(true)
    })

    it('disable stops the slider of an embedded puzzle', async () => {
      const page = await ready({ product: 'embed' })
      await act(page, 'disable()')
      await handle(page).focus()
      await page.keyboard.press('End')
      expect(await handle(page).getAttribute('aria-valuenow')).toBe('0')
    })

    it('zoom scales what is drawn', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'zoom(1.5)')
      expect((await bar(page).boundingBox())?.width).toBe(450)
    })

    it('getPasstime tells how long the visitor took', async () => {
      const page = await opened()
      await drag(page)
      await waitFor(page, 'Success')
      expect(await act(page, 'getPasstime()')).toEqual(expect.any(Number))
    })

    it('hideRefresh takes the button away', async () => {
      const page = await opened()
      await act(page, 'hideRefresh()')
      expect(await page.locator('.geetest_refresh').isVisible()).toBe(false)
    })

    it('destroy leaves nothing on the page', async () => {
      const page = await opened()
      await act(page, "bindForm('#form').destroy()")
      expect(await page.locator('[class*=geetest_]').count()).toBe(0)
    })

    it('do nothing after destroy', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'destroy()')
      await act(page, "show().reset().appendTo('#captcha')")
      expect(await page.locator('[class*=geetest_]').count()).toBe(0)
    })
  })

  describe('events', () => {
    it('ready is delivered to a handler that comes late', async () => {
      const page = await ready()
      expect(
        await page.evaluate(
          'new Promise(function (resolve) { captcha.onReady(function () { resolve(this === captcha) }) })',
        ),
      ).toBe(true)
    })

    it('close comes when the visitor leaves by the button', async () => {
      const page = await opened()
      await page.click('.geetest_close')
      expect(names(await waitFor(page, 'Close'))).toEqual(['Ready', 'NextReady', 'Close'])
    })

    it('close comes when the visitor leaves by Escape', async () => {
      const page = await opened()
      await page.keyboard.press('Escape')
      expect(names(await waitFor(page, 'Close'))).toContain('Close')
    })

    it('close comes when the visitor leaves by a click beside the panel', async () => {
      const page = await opened()
      await page.mouse.click(20, 20)
      expect(names(await waitFor(page, 'Close'))).toContain('Close')
    })

    it('close does not come after a success', async () => {
      const page = await opened()
      await drag(page)
      await panel(page).waitFor({ state: 'detached' })
      expect(names(await waitFor(page, 'StatusChange'))).not.toContain('Close')
    })

    it('refresh comes when the visitor gets another puzzle', async () => {
      const page = await opened()
      await page.click('.geetest_refresh')
      expect(names(await waitFor(page, 'Refresh'))).toContain('Refresh')
    })

    it('an exception in a handler becomes error_116', async () => {
      const tab = await made(
        { product: 'embed' },
        {},
        "captcha.onSuccess(function () { throw new Error('mine') }).appendTo('#captcha')",
      )
      await waitFor(tab.page, 'Ready')
      await drag(tab.page)
      expect([(await errorOf(tab.page))?.code, tab.exceptions]).toEqual(['error_116', []])
    })

    it('an exception in onError goes no further', async () => {
      const tab = await made({}, {}, "captcha.onError(function () { throw new Error('mine') }).appendTo('#nowhere')")
      await waitFor(tab.page, 'Error')
      expect(tab.exceptions).toEqual([])
    })
  })
})
