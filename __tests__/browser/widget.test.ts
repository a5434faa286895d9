import { createHash } from 'node:crypto'
import { built, checkES5 } from './support/bundles'
import {
  act,
  bar,
  drag,
  handle,
  inputs,
  line,
  makeCaptcha,
  names,
  panel,
  place,
  pressBar,
  setStage,
  waitFor,
} from './support/captcha'
import { describeInChromium } from './support/chromium'
import { slide } from './support/finger'
import { standStill } from './support/still'

it('the built widget is ES5', () => {
  expect(() => checkES5(built.widget)).not.toThrow()
})

describeInChromium('the simulator widget', (open) => {
  const stage = setStage(open)
  const { made, opened, ready } = stage

  describe('products', () => {
    it('float hangs the puzzle below its bar', async () => {
      const page = await ready({ product: 'float' })
      await bar(page).click()
      const [over, under] = [await bar(page).boundingBox(), await panel(page).boundingBox()]
      expect(under?.y).toBeGreaterThan((over?.y ?? 0) + (over?.height ?? 0))
    })

    it('float closes on a click elsewhere', async () => {
      const page = await ready({ product: 'float' })
      await bar(page).click()
      await page.click('h1')
      await panel(page).waitFor({ state: 'detached' })
      expect(names(await waitFor(page, 'Close'))).toContain('Close')
    })

    it('float goes above the bar when there is no room below', async () => {
      const page = await ready({ product: 'float' }, {}, "captcha.appendTo('#area')")
      await page.evaluate("document.getElementById('area').style.marginTop = '330px'")
      await bar(page).click()
      expect((await panel(page).boundingBox())?.y).toBeLessThan((await bar(page).boundingBox())?.y ?? 0)
    })

    it('float becomes a popup on a phone', async () => {
      const page = await ready({ product: 'float' }, { viewport: { width: 390, height: 800 } })
      await bar(page).click()
      await page.locator('.geetest_popup_wrap').waitFor()
      expect(await page.locator('.geetest_float_wrap').count()).toBe(0)
    })

    it('popup covers the page', async () => {
      const page = await opened()
      expect(await page.locator('.geetest_popup_wrap').boundingBox()).toEqual({ x: 0, y: 0, width: 1280, height: 720 })
    })

    it('popup stands in the middle', async () => {
      const page = await opened()
      const box = await panel(page).boundingBox()
      expect((box?.x ?? 0) + (box?.width ?? 0) / 2).toBeCloseTo(640, 0)
    })

    it('embed counts as float', async () => {
      const page = await ready({ product: 'embed' })
      expect(await page.locator('.geetest_holder.geetest_float').count()).toBe(1)
    })

    it('none counts as popup', async () => {
      const page = await ready()
      expect(await page.locator('.geetest_holder.geetest_popup').count()).toBe(1)
    })

    it('nothing of the puzzle stands in the page before the visitor has pressed the bar', async () => {
      const page = await ready({ product: 'float' })
      expect(await handle(page).count()).toBe(0)
    })

    it('bind draws nothing', async () => {
      const page = await ready({ product: 'bind' }, {}, '')
      expect(await page.locator('.geetest_radar_btn:visible, .geetest_panel:visible').count()).toBe(0)
    })

    it('custom opens inside its area', async () => {
      const { page } = await made({ product: 'custom', area: '#area' })
      await page.evaluate("area.style.cssText = 'width: 400px; height: 350px'")
      await waitFor(page, 'Ready')
      await bar(page).click()
      expect(await page.locator('#area > .geetest_popup_wrap').boundingBox()).toMatchObject({ width: 400, height: 350 })
    })

    it('an unknown one counts as float', async () => {
      const page = await ready({ product: 'floating' })
      expect(await page.locator('.geetest_holder.geetest_float').count()).toBe(1)
    })
  })

  describe('solving', () => {
    it('works with the mouse', async () => {
      const page = await opened()
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toEqual(['Ready', 'Close', 'Success'])
    })

    it('works with a finger', async () => {
      const page = await opened({}, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } })
      const { x, y, gap } = await place(page)
      await slide(page, { x, y }, gap)
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it.each([
      ['mouse', { mousedown: 'clientX', mousemove: 'clientX', mouseup: 'clientX' }],
      ['touch', { touchstart: 'touches', touchmove: 'touches', touchend: 'touches' }],
    ])('works with %s events where there are no pointer events', async (_kind, events) => {
      const tab = await open()
      await tab.page.addInitScript('delete window.PointerEvent')
      await tab.page.goto(stage.scene.site.origin)
      await makeCaptcha(tab.page, await stage.scene.config())
      await waitFor(tab.page, 'Ready')
      await pressBar(tab.page)
      const { gap } = await place(tab.page)
      await tab.page.evaluate(`(function () {
        var handle = document.querySelector('.geetest_slider_button')
        var fields = ${JSON.stringify(Object.entries(events))}
        fields.forEach(function (pair, i) {
          var event = new Event(pair[0], { bubbles: true, cancelable: true })
          var x = i ? ${gap} : 0
          if (pair[1] === 'touches') event.touches = i === 2 ? [] : [{ clientX: x }]
          else event.clientX = x
          handle.dispatchEvent(event)
        })
      })()`)
      expect(names(await waitFor(tab.page, 'Success'))).toContain('Success')
    })

    it('works with the keyboard alone', async () => {
      const page = await ready({ product: 'popup' })
      await bar(page).focus()
      await page.keyboard.press('Enter')
      const { gap } = await place(page)
      for (let i = 0; i < Math.floor(gap / 20); i++) await page.keyboard.press('PageUp')
      for (let i = 0; i < Math.floor((gap % 20) / 10); i++) await page.keyboard.press('Shift+ArrowRight')
      for (let i = 0; i < gap % 10; i++) await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it('says in words where the gap is', async () => {
      const page = await opened()
      const { gap } = await place(page)
      await page.keyboard.press('PageUp')
      expect(await handle(page).getAttribute('aria-valuetext')).toBe(`The gap is ${gap - 20} pixels to the right`)
    })

    it('says in words that the piece fits', async () => {
      const page = await opened()
      const { gap } = await place(page)
      for (let i = 0; i < gap; i++) await page.keyboard.press('ArrowRight')
      expect(await handle(page).getAttribute('aria-valuetext')).toBe('The piece fits, press Enter to confirm')
    })

    it('takes Home and End to both ends', async () => {
      const page = await opened()
      await page.keyboard.press('End')
      const end = await handle(page).getAttribute('aria-valuenow')
      await page.keyboard.press('Home')
      expect([end, await handle(page).getAttribute('aria-valuenow')]).toEqual(['216', '0'])
    })

    it('says a miss in the live line, and lets the visitor try again', async () => {
      const page = await opened()
      await drag(page, 25)
      await page.waitForSelector('.geetest_panel_fail')
      const said = await line(page).textContent()
      await page.waitForFunction("document.querySelector('.geetest_slider_button').style.left === '0px'")
      await drag(page)
      expect([said, names(await waitFor(page, 'Success'))]).toEqual([
        'Not quite, please try again',
        ['Ready', 'Close', 'Success'],
      ])
    })

    it('works after another picture was asked for', async () => {
      const page = await opened()
      const again = page.waitForResponse(/refresh\.php/)
      await page.click('.geetest_refresh')
      await again
      await page.waitForSelector('.geetest_panel:not(.geetest_panel_busy)')
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toEqual(['Ready', 'Close', 'Success'])
    })

    it('takes a click on the handle for no answer', async () => {
      const page = await opened()
      stage.scene.simulator.forget()
      await handle(page).click()
      await page.keyboard.press('ArrowRight')
      expect(stage.scene.simulator.calls.filter(({ endpoint }) => endpoint === 'ajax')).toEqual([])
    })

    it('works at another width, with data-gap to match', async () => {
      const page = await opened({ next_width: 400 })
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it('closes after a success and shows it on the bar', async () => {
      const page = await opened()
      await drag(page)
      await panel(page).waitFor({ state: 'detached' })
      expect(await bar(page).textContent()).toContain('Verified')
    })

    it('closes at once with hideSuccess', async () => {
      const { page } = await open()
      await standStill(page)
      await page.goto(stage.scene.site.origin)
      await makeCaptcha(page, await stage.scene.config({ product: 'bind', hideSuccess: true }), '')
      await waitFor(page, 'Ready')
      await act(page, 'verify()')
      await drag(page)
      await panel(page).waitFor({ state: 'detached' })
      expect(await page.evaluate('!!captcha.getValidate()')).toBe(true)
    })
  })

  describe('the answer', () => {
    it('is taken by the cloud of the server side', async () => {
      const page = await opened()
      await drag(page)
      await waitFor(page, 'Success')
      const answer = (await act(page, 'getValidate()')) as Record<string, string>
      const body = new URLSearchParams({ seccode: answer.geetest_seccode ?? '', json_format: '1' })
      const reply = await fetch(`${stage.scene.simulator.url}/validate.php`, { method: 'POST', body })
      const digest = createHash('md5')
        .update(answer.geetest_seccode ?? '')
        .digest('hex')
      expect(await reply.json()).toEqual({ seccode: digest })
    })

    it('carries the challenge with the two characters more', async () => {
      const config = await stage.scene.config()
      const { page } = await open()
      await page.goto(stage.scene.site.origin)
      await makeCaptcha(page, config)
      await waitFor(page, 'Ready')
      await pressBar(page)
      await drag(page)
      await waitFor(page, 'Success')
      const answer = (await act(page, 'getValidate()')) as Record<string, string>
      expect(answer.geetest_challenge).toMatch(new RegExp(`^${String(config.challenge)}..$`))
    })

    it('waits in three empty hidden inputs', async () => {
      const page = await ready()
      expect(await inputs(page, '.geetest_holder .geetest_form')).toEqual(
        ['geetest_challenge', 'geetest_validate', 'geetest_seccode'].map((name) => ({
          type: 'hidden',
          name,
          className: name,
          value: '',
        })),
      )
    })
  })

  it('three on one page each answer for themselves', async () => {
    const page = await ready()
    await page.evaluate(`window.first = captcha`)
    await makeCaptcha(page, await stage.scene.config(), "captcha.appendTo('#second'); window.two = captcha")
    await waitFor(page, 'Ready')
    await makeCaptcha(page, await stage.scene.config(), "captcha.appendTo('#third')")
    await waitFor(page, 'Ready')
    await page.locator('#third .geetest_radar_btn').click()
    await drag(page)
    await waitFor(page, 'Success')
    expect(await page.evaluate('[first, two, captcha].map(function (one) { return !!one.getValidate() })')).toEqual([
      false,
      false,
      true,
    ])
  })

  it('can be called without new', async () => {
    const page = await ready()
    expect(await page.evaluate(`typeof Geetest(${JSON.stringify(await stage.scene.config())}).appendTo`)).toBe(
      'function',
    )
  })
})
