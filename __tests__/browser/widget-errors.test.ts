import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { act, bar, drag, errorOf, handle, makeCaptcha, names, panel, setStage, waitFor } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { passTime, standStill } from './support/still'

const CHALLENGE = '3ef815416f775098fe977004015c6193a7'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** Decodes a part as the official servers do. */
function decode(part: string): number {
  const distinct = [...new Set(CHALLENGE)]
  const value = (character: string) => [1, 2, 5, 10, 50][distinct.indexOf(character) % 5] ?? 0
  const base = parseInt(CHALLENGE.slice(32), 36)
  return Array.from(part).reduce((sum, character) => sum + value(character), 0) - base
}

/** Where the gap is for a pair of pictures, by the rule of the official servers. */
function gapFor(background: number, group: number): number {
  const [even, odd] = [md5(String(background)).slice(0, 9), md5(String(group)).slice(10, 19)]
  const mixed = Array.from(even)
    .map((character, i) => (i % 2 === 0 ? character : odd[i]))
    .join('')
  return Math.max(40, parseInt(mixed.slice(4), 16) % 200)
}

const refreshed = (page: Page) =>
  Promise.all([page.waitForResponse(/refresh\.php/), page.click('.geetest_refresh')]).then(() =>
    page.waitForSelector('.geetest_panel:not(.geetest_panel_busy)'),
  )

describeInChromium('the simulator widget, when things go wrong', (open) => {
  const stage = setStage(open)
  const { made, opened, ready } = stage

  /** In an outage, with the widget of the slide type, which knows nothing of `new_captcha`. */
  const openedOffline = (config?: object): Promise<Page> =>
    opened({ offline: true, new_captcha: false, challenge: CHALLENGE, ...config })

  async function solvedOffline(): Promise<Record<string, string>> {
    const page = await openedOffline()
    await drag(page)
    await waitFor(page, 'Success')
    return (await act(page, 'getValidate()')) as Record<string, string>
  }

  describe('errors', () => {
    it('get.php without an answer is error_104, and nothing stands in the page', async () => {
      await stage.scene.simulator.fault('500', { endpoint: 'get' })
      const { page } = await made()
      expect(await errorOf(page)).toMatchObject({ code: 'error_104', user_error: 'Network failure, try again' })
      expect(await page.locator('[class*=geetest_]').count()).toBe(0)
    })

    it('ajax.php without an answer is error_105, to the bar', async () => {
      const page = await ready()
      await stage.scene.simulator.fault('500', { endpoint: 'ajax' })
      await bar(page).click()
      expect(await errorOf(page)).toMatchObject({ code: 'error_105', user_error: 'Network failure, try again' })
    })

    it.each([
      ['ajax', 'error_105', drag],
      ['refresh', 'error_106', (page: Page) => page.click('.geetest_refresh')],
    ] as const)('%s.php without an answer to the puzzle is %s, and closes it', async (endpoint, code, cause) => {
      const page = await opened()
      await stage.scene.simulator.fault('500', { endpoint })
      await cause(page)
      expect(await errorOf(page)).toMatchObject({ code, user_error: 'Network failure, try again' })
      expect(await panel(page).count()).toBe(0)
    })

    it('reset.php without an answer is error_109', async () => {
      const page = await opened()
      await drag(page)
      await waitFor(page, 'Success')
      await stage.scene.simulator.fault('500', { endpoint: 'reset' })
      await act(page, 'reset()')
      expect(await errorOf(page)).toMatchObject({ code: 'error_109' })
    })

    it('a cloud that hangs is an error after config.timeout', async () => {
      await stage.scene.simulator.fault('hang', { endpoint: 'get' })
      const { page } = await open()
      await standStill(page)
      const asked = page.waitForRequest(/get\.php/)
      await page.goto(stage.scene.site.origin)
      await makeCaptcha(page, await stage.scene.config({ timeout: 400 }))
      await asked
      await passTime(page)
      expect(await errorOf(page)).toMatchObject({ code: 'error_104' })
    })

    it('too many tries are error_12, in words', async () => {
      const page = await opened()
      for (let i = 1; i <= 6; i++) {
        await handle(page).press('Enter')
        await page.waitForSelector('.geetest_panel_fail')
        await handle(page).press('Home')
      }
      await handle(page).press('Enter')
      expect(await errorOf(page)).toMatchObject({ code: 'error_12', user_error: 'Too many tries, please start again' })
    })

    it('too many refreshes are error_01', async () => {
      const page = await opened()
      for (let i = 1; i <= 10; i++) await refreshed(page)
      await page.click('.geetest_refresh')
      expect(await errorOf(page)).toMatchObject({ code: 'error_01' })
    })

    it('an unknown challenge is the error of the cloud', async () => {
      const { page } = await made({ challenge: 'f'.repeat(32) })
      expect((await errorOf(page))?.code).toMatch(/^error_2\d$/)
    })

    it.each(['popup', 'float'])('of the puzzle are retried by a press on the bar, as %s', async (product) => {
      const page = await opened({ product })
      await stage.scene.simulator.fault('500', { endpoint: 'ajax' })
      await drag(page)
      await waitFor(page, 'Error')
      await stage.scene.simulator.fault('none')
      await bar(page).click()
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toEqual(['Ready', 'Error', 'Close', 'Success'])
    })

    it('offer another try in the panel of "bind"', async () => {
      const page = await ready({ product: 'bind' }, {}, '')
      await act(page, 'verify()')
      await handle(page).waitFor()
      await stage.scene.simulator.fault('500', { endpoint: 'ajax' })
      await drag(page)
      await waitFor(page, 'Error')
      await stage.scene.simulator.fault('none')
      await page.click('.geetest_retry')
      await page.waitForSelector('.geetest_panel:not(.geetest_panel_busy):not(.geetest_panel_error)')
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toEqual(['Ready', 'Error', 'Success'])
    })
  })

  it('goes on with another challenge by itself before the one it has dies', async () => {
    const { page } = await open()
    await page.clock.install()
    await page.goto(stage.scene.site.origin)
    const config = await stage.scene.config()
    await makeCaptcha(page, config)
    await page.waitForSelector('.geetest_holder.geetest_ready')
    const again = page.waitForResponse(/reset\.php/)
    await page.clock.fastForward(541_000)
    await again
    await bar(page).click()
    await page.clock.runFor(1000)
    await drag(page)
    await page.clock.runFor(1000)
    await waitFor(page, 'Success')
    const answer = (await act(page, 'getValidate()')) as Record<string, string>
    expect(answer.geetest_challenge).not.toContain(config.challenge)
  })

  describe('offline', () => {
    it('answers the newer captcha with the md5 of the challenge, without a puzzle, and asks nobody', async () => {
      const page = await ready({ offline: true, challenge: CHALLENGE })
      stage.scene.simulator.forget()
      await bar(page).click()
      const happened = names(await waitFor(page, 'Success'))
      expect([happened, await act(page, 'getValidate()'), stage.scene.simulator.calls.length]).toEqual([
        ['Ready', 'Success'],
        {
          geetest_challenge: CHALLENGE,
          geetest_validate: md5(CHALLENGE),
          geetest_seccode: `${md5(CHALLENGE)}|jordan`,
        },
        0,
      ])
    })

    it('resets the newer captcha without network, to the same challenge', async () => {
      const page = await ready({ offline: true, challenge: CHALLENGE })
      await bar(page).click()
      await waitFor(page, 'Success')
      await act(page, 'reset()')
      await page.waitForSelector('.geetest_holder.geetest_ready')
      const emptied = await act(page, 'getValidate()')
      await bar(page).click()
      await waitFor(page, 'Success', 2)
      expect([emptied, await act(page, 'getValidate()')]).toEqual([
        null,
        expect.objectContaining({ geetest_challenge: CHALLENGE }),
      ])
    })

    it('answers the slide type with three numbers that fit together', async () => {
      const answer = await solvedOffline()
      const [x = NaN, background = NaN, group = NaN] = (answer.geetest_validate ?? '').split('_').map(decode)
      // The browser lets 3 pass, and so must a server.
      expect(Math.abs(x - gapFor(background, group))).toBeLessThanOrEqual(3)
    })

    it('draws from the pictures that the slide type knows', async () => {
      const answer = await solvedOffline()
      const [, background = NaN, group = NaN] = (answer.geetest_validate ?? '').split('_').map(decode)
      expect([background >= 0 && background < 6, group >= 0 && group < 300]).toEqual([true, true])
    })

    it.each([
      [3, 'Success'],
      [4, 'Fail'],
    ])('judges a piece of the slide type that is %d pixels off: %s', async (off, event) => {
      const page = await openedOffline()
      await drag(page, -off)
      expect(names(await waitFor(page, event)).slice(0, 4)).toEqual(['Ready', 'BoxShow', 'NextReady', event])
    })
  })
})
