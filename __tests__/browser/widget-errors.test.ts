import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { act, bar, drag, errorOf, handle, line, makeCaptcha, names, setStage, waitFor } from './support/captcha'
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

describeInChromium('the simulator widget, when things go wrong', (open) => {
  const stage = setStage(open)
  const { made, ready } = stage

  async function solvedOffline(config: object): Promise<{ page: Page; answer: Record<string, string>; calls: number }> {
    const page = await ready({ product: 'embed', offline: true, challenge: CHALLENGE, ...config })
    stage.scene.simulator.forget()
    await drag(page)
    await waitFor(page, 'Success')
    const answer = (await act(page, 'getValidate()')) as Record<string, string>
    return { page, answer, calls: stage.scene.simulator.calls.length }
  }

  describe('errors', () => {
    it.each([
      ['get', 'error_104', "captcha.appendTo('#captcha')"],
      ['ajax', 'error_105', 'drag'],
      ['refresh', 'error_106', 'document.querySelector(".geetest_refresh").click()'],
      ['reset', 'error_109', 'captcha.reset()'],
    ] as const)('%s.php without an answer is %s', async (endpoint, code, cause) => {
      if (endpoint === 'get') await stage.scene.simulator.fault('500', { endpoint })
      const { page } = await made({ product: 'embed' })
      if (endpoint !== 'get') await waitFor(page, 'Ready')
      await stage.scene.simulator.fault('500', { endpoint })
      if (cause === 'drag') await drag(page)
      else if (endpoint !== 'get') await page.evaluate(cause)
      expect(await errorOf(page)).toMatchObject({ code, user_error: 'Network failure, try again' })
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
      const page = await ready({ product: 'embed' }, { reducedMotion: 'reduce' })
      for (let i = 1; i <= 6; i++) {
        await handle(page).press('Enter')
        await waitFor(page, 'Fail', i)
      }
      await handle(page).press('Enter')
      expect(await errorOf(page)).toMatchObject({ code: 'error_12', user_error: 'Too many tries, please start again' })
    })

    it('too many refreshes are error_01', async () => {
      const page = await ready({ product: 'embed' })
      for (let i = 1; i <= 10; i++) {
        await page.click('.geetest_refresh')
        await waitFor(page, 'Refresh', i)
      }
      await page.click('.geetest_refresh')
      expect(await errorOf(page)).toMatchObject({ code: 'error_01' })
    })

    it('an unknown challenge is the error of the cloud', async () => {
      const { page } = await made({ challenge: 'f'.repeat(32) })
      expect((await errorOf(page))?.code).toMatch(/^error_2\d$/)
    })

    it('offer another try, which works', async () => {
      const page = await ready({ product: 'embed' })
      await stage.scene.simulator.fault('500', { endpoint: 'ajax' })
      await drag(page)
      await waitFor(page, 'Error')
      await stage.scene.simulator.fault('none')
      await page.click('.geetest_retry')
      await page.waitForSelector('.geetest_holder.geetest_ready')
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })

    it('on the bar are retried by a click', async () => {
      await stage.scene.simulator.fault('500', { endpoint: 'get' })
      const { page } = await made({ product: 'popup' })
      await waitFor(page, 'Error')
      await stage.scene.simulator.fault('none')
      await bar(page).click()
      await handle(page).waitFor()
      await drag(page)
      expect(names(await waitFor(page, 'Success'))).toContain('Success')
    })
  })

  it('starts a new round by itself before the challenge dies', async () => {
    const { page } = await open()
    await page.clock.install()
    await page.goto(stage.scene.site.origin)
    await makeCaptcha(page, await stage.scene.config({ product: 'embed' }))
    await page.waitForSelector('.geetest_holder.geetest_ready')
    const again = page.waitForResponse(/reset\.php/)
    await page.clock.fastForward(541_000)
    await again
    await page.waitForSelector('.geetest_holder.geetest_ready')
    expect(await line(page).textContent()).toBe('Timed out, here is a new puzzle')
  })

  describe('offline', () => {
    it('answers the newer captcha with the md5 of the challenge', async () => {
      const { answer } = await solvedOffline({ new_captcha: true })
      expect(answer).toEqual({
        geetest_challenge: CHALLENGE,
        geetest_validate: md5(CHALLENGE),
        geetest_seccode: `${md5(CHALLENGE)}|jordan`,
      })
    })

    it('answers the slide type with three numbers that fit together', async () => {
      const { answer } = await solvedOffline({ new_captcha: false })
      const [x = NaN, background = NaN, group = NaN] = (answer.geetest_validate ?? '').split('_').map(decode)
      expect(Math.abs(x - gapFor(background, group))).toBeLessThan(3)
    })

    it('draws from the pictures that the slide type knows', async () => {
      const { answer } = await solvedOffline({ new_captcha: false })
      const [, background = NaN, group = NaN] = (answer.geetest_validate ?? '').split('_').map(decode)
      expect([background >= 0 && background < 6, group >= 0 && group < 300]).toEqual([true, true])
    })

    it('asks nobody', async () => {
      const { calls } = await solvedOffline({ new_captcha: true })
      expect(calls).toBe(0)
    })

    it('refuses a piece that is three pixels off', async () => {
      const page = await ready({ product: 'embed', offline: true, challenge: CHALLENGE })
      await drag(page, -3)
      expect(names(await waitFor(page, 'Fail'))).not.toContain('Success')
    })

    it('resets without network', async () => {
      const { page } = await solvedOffline({ new_captcha: true })
      await act(page, 'reset()')
      await page.waitForSelector('.geetest_holder.geetest_ready')
      expect(await act(page, 'getValidate()')).toBe(false)
    })
  })
})
