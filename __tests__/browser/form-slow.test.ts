import { describeInChromium } from './support/chromium'
import { form, line, pageOf, reach } from './support/form-page'
import { setForms } from './support/form-stage'
import { until } from './support/until'

const SLOW: Array<[string, string]> = [
  ['en', 'The captcha cannot load, the network is slow Try again'],
  ['zh-CN', '验证无法加载，网络太慢 重试'],
]
const v4 = 'data-version="4" data-scene="/v4"'
/** More than anybody is waited for, in milliseconds, and less than a minute. */
const LONG = 35_000

// Time ran out: nothing was blocked, and the visitor must not look for what has blocked it.
describeInChromium('on a slow line, a form', (open) => {
  const stage = setForms(open)

  describe.each(SLOW)('in "%s" says so', (lang, words) => {
    it.each([['the first call of version 4', v4, /\/load\?/]])(
      'where %s does not arrive in time',
      async (_what, attributes, url) => {
        const { page } = await open()
        let asked = 0
        await page.clock.install()
        // Not even the site answers while that is on its way.
        await page.route(/\/gt4?\.js/, (route) => (route.request().method() === 'HEAD' ? undefined : route.continue()))
        await page.route(url, (route) => void (route.request().resourceType() === 'script' && asked++))
        await stage.show(page, pageOf(form({ attributes }), { lang }))
        for (const attempt of [1, 2]) {
          await until(() => asked >= attempt)
          await page.clock.runFor(LONG)
        }
        await reach(page, 'error')
        expect(await line(page).innerText()).toBe(words)
      },
    )
  })
})
