import { act, bar, complaints, drag, handle, makeCaptcha, setStage } from './support/captcha'
import { describeInChromium } from './support/chromium'

describeInChromium('the simulator widget, for everyone', (open) => {
  const stage = setStage(open)
  const { opened, ready } = stage

  describe('languages', () => {
    it.each([
      ['zh-cn', '点击按钮进行验证', '模拟器 · 非真实验证'],
      ['zh-tw', '点击按钮进行验证', '模拟器 · 非真实验证'],
      ['en', 'Click to verify', 'Simulator · not a real captcha'],
      ['fr', 'Click to verify', 'Simulator · not a real captcha'],
      [undefined, '点击按钮进行验证', '模拟器 · 非真实验证'],
    ])('%s gets its texts', async (lang, onBar, mark) => {
      const page = await opened({ lang })
      expect([await bar(page).textContent(), await page.locator('.geetest_simulator').textContent()]).toEqual([
        expect.stringContaining(onBar),
        mark,
      ])
    })
  })

  describe('accessibility', () => {
    it.each(['float', 'popup', 'bind', 'custom'])('axe finds nothing on %s, closed', async (product) => {
      const page = await ready({ product, area: product === 'custom' ? '#area' : undefined })
      expect(await complaints(page)).toEqual([])
    })

    it.each(['float', 'popup', 'bind'])('axe finds nothing on %s, open', async (product) => {
      const page = await ready({ product })
      await (product === 'bind' ? act(page, 'verify()') : bar(page).click())
      await handle(page).waitFor()
      expect(await complaints(page)).toEqual([])
    })

    it.each([
      ['success', 0],
      ['fail', 25],
    ])('axe finds nothing on a %s', async (state, beside) => {
      const page = await opened({}, { reducedMotion: 'no-preference' })
      await drag(page, beside)
      await page.waitForSelector(`.geetest_panel_${state}`)
      expect(await complaints(page)).toEqual([])
    })

    it('the modal keeps the keyboard inside', async () => {
      const page = await opened()
      const seen: unknown[] = []
      for (let i = 0; i < 4; i++) {
        seen.push(await page.evaluate('document.activeElement.className'))
        await page.keyboard.press('Tab')
      }
      expect(seen).toEqual(['geetest_slider_button', 'geetest_refresh', 'geetest_close', 'geetest_slider_button'])
    })

    it('the modal keeps the keyboard inside backwards too', async () => {
      const page = await opened()
      await page.keyboard.press('Shift+Tab')
      expect(await page.evaluate('document.activeElement.className')).toBe('geetest_close')
    })

    it('the focus returns to the bar', async () => {
      const page = await opened()
      await page.keyboard.press('Escape')
      expect(await page.evaluate('document.activeElement.className')).toContain('geetest_radar_btn')
    })

    it('a visitor who wants less motion gets none', async () => {
      const page = await opened()
      await drag(page, 25)
      await page.waitForSelector('.geetest_panel_fail')
      expect(
        await handle(page).evaluate((element) => (element as unknown as { style: { left: string } }).style.left),
      ).toBe('0px')
    })
  })

  it('works under a Content-Security-Policy without unsafe-inline', async () => {
    const { page } = await open()
    const complaint: string[] = []
    await page.goto(`${stage.scene.site.origin}/strict`)
    page.on('console', (message) => complaint.push(message.text()))
    await makeCaptcha(page, await stage.scene.config())
    await page.waitForSelector('.geetest_holder.geetest_ready')
    await bar(page).click()
    await drag(page)
    await page.waitForSelector('.geetest_holder.geetest_success')
    expect(complaint).toEqual([])
  })
})
