import { engine } from '../../browser/support/engine'
import { HEIGHT, WIDTH, type Engine } from './driver'

/** Playwright's default; visitors' browsers do keep pages that were left. */
const KEEPS_NO_PAGE = ['--disable-back-forward-cache']

export const chromium: Engine = {
  name: engine.name,
  program: engine.windowed,
  advice: engine.advice,

  async launch() {
    if (engine.windowed === undefined) throw new Error(engine.advice)
    const browser = await engine.type.launch({
      executablePath: engine.windowed,
      args: [...engine.flags],
      ignoreDefaultArgs: KEEPS_NO_PAGE,
    })
    // Little motion, so that nothing is waited for; QtWebKit has it all.
    const options = { locale: 'en-US', reducedMotion: 'reduce' } as const
    const context = await browser.newContext({ ...options, viewport: { width: WIDTH, height: HEIGHT } })
    const page = await context.newPage()
    return {
      goto: async (url) => void (await page.goto(url)),
      evaluate: (expression) => page.evaluate(expression),
      async mouse(steps) {
        for (const step of steps) {
          if (typeof step === 'string') await page.mouse[step]()
          else await page.mouse.move(...step)
        }
      },
      async keys(keys) {
        for (const key of keys) await page.keyboard.press(key)
      },
      forget: () => context.clearCookies(),
      close: () => browser.close(),
    }
  },
}
