import { act, bar, handle, names, panel, setStage, waitFor } from './support/captcha'
import { describeInChromium } from './support/chromium'

// What both widgets promise is in contract.test.ts.
describeInChromium('the captcha object', (open) => {
  const stage = setStage(open)
  const { opened, ready } = stage

  describe('methods', () => {
    it('disable keeps the check shut', async () => {
      const page = await ready({ product: 'popup' })
      await act(page, 'disable().show()')
      expect([await panel(page).count(), await bar(page).isDisabled()]).toEqual([0, true])
    })

    it('disable stops the slider of an embedded puzzle', async () => {
      const page = await ready({ product: 'embed' })
      await act(page, 'disable()')
      await handle(page).focus()
      await page.keyboard.press('End')
      expect(await handle(page).getAttribute('aria-valuenow')).toBe('0')
    })

    it('hideRefresh takes the button away', async () => {
      const page = await opened()
      await act(page, 'hideRefresh()')
      expect(await page.locator('.geetest_refresh').isVisible()).toBe(false)
    })
  })

  describe('events', () => {
    it('refresh comes when the visitor gets another puzzle', async () => {
      const page = await opened()
      await page.click('.geetest_refresh')
      expect(names(await waitFor(page, 'Refresh'))).toContain('Refresh')
    })
  })
})
