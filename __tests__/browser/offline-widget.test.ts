import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { built, checkES5, read } from './support/bundles'
import { act, complaints, errorOf, makeCaptcha, names, setScene, waitFor } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { refuse } from './support/host'
import { box, cancel, challenges, configOf, hear, isSolved, progress, says, setOffline } from './support/offline'
import { until } from './support/until'

const EMBED = { product: 'embed' }

describe('the built downtime widget', () => {
  const file = built.offline

  it('is ES5', () => {
    expect(() => checkES5(file)).not.toThrow()
  })

  it.each([
    ['gt.js', built.loader, 3100],
    ['gt-offline.js', file, 7250],
  ])('%s weighs no more than promised, minified and gzipped', (_name, bundle, most) => {
    expect(gzipSync(read(bundle), { level: 9 }).length).toBeLessThanOrEqual(most)
  })

  it.each(['eval', 'new Function', 'WebAssembly', 'subtle', 'blob:', 'https:', 'http:'])('holds no %s', (what) => {
    expect(read(file)).not.toContain(what)
  })
})

describeInChromium('the downtime widget', (open) => {
  const stage = setOffline(open)
  const { at, made, ready } = stage

  /** Ticks the box and waits; whether the server would take the answer. */
  async function solve(page: Page): Promise<boolean> {
    await box(page).click()
    await page.locator('.geetest_success').waitFor()
    return isSolved(await act(page, 'getValidate()'))
  }

  /** Keeps what becomes of workers: `window.workers` counts those that were started and not terminated. */
  const countWorkers = (page: Page): Promise<unknown> =>
    page.addInitScript(`(function (Real) {
      window.workers = window.started = 0
      window.Worker = function (url) {
        var worker = new Real(url)
        var terminate = worker.terminate
        window.workers++
        window.started++
        worker.terminate = function () { window.workers--; terminate.call(worker) }
        return worker
      }
    })(Worker)`)

  /** The same in a browser that says how many cores there are, or does not. */
  const withCores =
    (cores: number | undefined) =>
    async (page: Page): Promise<void> => {
      await page.addInitScript(`Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${cores} })`)
      await countWorkers(page)
    }

  describe('solves', () => {
    it('a challenge as hard as they come by default, in workers that are gone then', async () => {
      const { page } = await at('/', 'normal', withCores(2), EMBED)
      expect([await solve(page), await page.evaluate('[workers, started]')]).toEqual([true, [0, 2]])
    })

    it('under a Content-Security-Policy of "self" alone, in workers, without a complaint', async () => {
      const complaint: string[] = []
      const { page } = await at('/strict', 'quick', async (fresh) => {
        fresh.on('console', (message) => complaint.push(message.text()))
        await withCores(2)(fresh)
      })
      expect([await solve(page), await page.evaluate('started'), complaint]).toEqual([true, 2, []])
    })

    it.each([
      [1, 1],
      [3, 3],
      [4, 4],
      [64, 4],
      [undefined, 1],
    ])('where the browser says %p cores, with %p workers', async (cores, workers) => {
      const { page } = await at('/', 'quick', withCores(cores), EMBED)
      expect([await solve(page), await page.evaluate('started')]).toEqual([true, workers])
    })

    it.each([
      ['fail', "setTimeout(function () { worker.dispatchEvent(new Event('error')) }, 0)"],
      ['say nothing', ''],
    ])('with those that work, where other workers %s', async (_how, then) => {
      const { page } = await at(
        '/',
        'quick',
        async (fresh) => {
          await withCores(3)(fresh)
          await fresh.addInitScript(`var Counted = Worker, made = 0
            window.Worker = function (url) {
              var worker = new Counted(url)
              if (made++ % 2 === 0) worker.postMessage = function () { ${then} }
              return worker
            }`)
        },
        EMBED,
      )
      expect([await solve(page), await page.evaluate('[workers, started]')]).toEqual([true, [0, 3]])
    })

    it('where browsers have no typed arrays, as ES5 does not', async () => {
      const old = 'window.Int32Array = undefined; delete window.Worker'
      const { page } = await at('/', 'quick', (fresh) => fresh.addInitScript(old), EMBED)
      expect(await solve(page)).toBe(true)
    })

    it.each([
      ['there are no workers', '/', (page: Page) => page.addInitScript('delete window.Worker')],
      ['a policy forbids workers', '/no-worker', async () => {}],
      [
        'workers cannot be made',
        '/',
        (page: Page) => page.addInitScript("window.Worker = function () { throw new Error('no') }"),
      ],
      [
        "the worker's script does not come",
        '/',
        (page: Page) =>
          page.addInitScript("var Real = Worker; window.Worker = function () { return new Real('/none.js') }"),
      ],
    ])('on the main thread where %s', async (_what, path, prepare) => {
      const { page } = await at(path, 'quick', prepare, EMBED)
      expect(await solve(page)).toBe(true)
    })

    it('on the main thread where workers hang', async () => {
      const silent = `window.Worker = function () {
        var worker = new EventTarget()
        worker.postMessage = worker.terminate = function () {}
        return worker
      }`
      const { page } = await at('/', 'quick', async (fresh) => {
        await fresh.clock.install()
        await fresh.addInitScript(silent)
      })
      await box(page).click()
      await hear(page, 'Calculating 0%')
      await page.clock.runFor(6000)
      await waitFor(page, 'Success')
      expect(isSolved(await act(page, 'getValidate()'))).toBe(true)
    })

    it('on the main thread where workers break down halfway, with what they had found', async () => {
      // The page's end of a worker that answers once.
      const frail = `var Real = Worker
        window.Worker = function (url) {
          var real = new Real(url)
          var worker = new EventTarget()
          worker.postMessage = function (data) { real.postMessage(data) }
          worker.terminate = function () { real.terminate() }
          real.onmessage = function (event) {
            real.terminate()
            worker.dispatchEvent(new MessageEvent('message', { data: event.data }))
            setTimeout(function () { worker.dispatchEvent(new Event('error')) }, 0)
          }
          return worker
        }`
      const { page } = await at('/', 'quick', (fresh) => fresh.addInitScript(frail))
      expect(await solve(page)).toBe(true)
    })

    it('without asking any host but the site', async () => {
      const { page, requests } = await made('quick', { ...EMBED, api_server: 'cloud.invalid' })
      await waitFor(page, 'Ready')
      await solve(page)
      expect(requests.filter((url) => !url.startsWith(stage.site.origin))).toEqual([])
    })
  })

  describe('at work', () => {
    it('shows honest progress, and words by quarters', async () => {
      const page = await ready('normal', EMBED)
      await page.evaluate(`window.heard = []; window.shown = []
        new MutationObserver(function () {
          var bar = document.querySelector('[role=progressbar]')
          heard.push(document.querySelector('[role=status]').textContent)
          shown.push(Number(bar.getAttribute('aria-valuenow')))
        }).observe(document.querySelector('.geetest_panel'), { attributes: true, childList: true, subtree: true })`)
      await solve(page)
      const heard = await page.evaluate<string[]>('heard')
      const shown = await page.evaluate<number[]>('shown')
      expect([...new Set(heard)]).toEqual([...[0, 25, 50, 75].map((part) => `Calculating ${part}%`), 'Verified'])
      expect(shown).toEqual(shown.toSorted((a, b) => a - b))
      expect(new Set(shown).size).toBe(32)
    })

    it.each([
      ['a worker', async () => {}],
      ['the main thread', (page: Page) => page.addInitScript('delete window.Worker')],
    ])('in %s, it can be cancelled and started again', async (_where, prepare) => {
      const { page } = await at('/', 'long', prepare, EMBED)
      await box(page).click()
      await cancel(page).click()
      const calm = [await says(page).innerText(), await box(page).isChecked(), await progress(page).count()]
      expect(calm).toEqual([expect.stringContaining('short calculation'), false, 0])
      expect(await solve(page)).toBe(true)
    })

    it('gives the focus back to the box when it is cancelled by the keyboard', async () => {
      const page = await ready('endless', EMBED)
      await box(page).focus()
      await page.keyboard.press('Space')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await hear(page, 'short calculation')
      expect(await page.evaluate('document.activeElement.type')).toBe('checkbox')
    })

    it('stays so when the box is clicked once more', async () => {
      const page = await ready('endless', EMBED)
      await box(page).click()
      await box(page).click({ force: true })
      expect([await says(page).innerText(), await progress(page).count()]).toEqual([expect.stringMatching(/^Calc/), 1])
    })

    it.each([
      ['destroy', 'captcha.destroy()'],
      ['reset', 'captcha.reset()'],
      ['cancel', "document.querySelector('.geetest_close').click()"],
    ])('%s ends the workers', async (_how, cause) => {
      const { page } = await at('/', 'endless', withCores(2), EMBED)
      await box(page).click()
      await until(() => page.workers().length === 2)
      await page.evaluate(cause)
      await until(() => page.workers().length === 0)
      expect(await page.evaluate('[workers, started]')).toEqual([0, 2])
    })

    it('is over when a popup is closed', async () => {
      const { page } = await at('/', 'endless', countWorkers, { product: 'popup' })
      await act(page, 'show()')
      await hear(page, 'Calculating')
      await page.keyboard.press('Escape')
      await waitFor(page, 'Close')
      expect([await page.evaluate('workers'), await says(page).innerText()]).toEqual([
        0,
        expect.stringContaining('short calculation'),
      ])
    })

    it('moves nothing by itself, whatever the visitor prefers', async () => {
      const page = await ready('endless', EMBED)
      await box(page).click()
      expect(await page.evaluate('document.getAnimations().length')).toBe(0)
    })
  })

  describe('products', () => {
    it.each(['float', 'popup', 'embed', 'custom'])('%s stands where it was put', async (product) => {
      const page = await ready('quick', { product, area: '#area' })
      expect([await page.locator('#captcha .geetest_panel').isVisible(), await solve(page)]).toEqual([true, true])
    })

    it('popup opens in a modal, at work at once, and comes back to its place', async () => {
      const page = await ready('normal', { product: 'popup' })
      await act(page, 'show()')
      const dialog = page.getByRole('dialog', { name: 'Verify me' })
      await dialog.waitFor()
      const focus = await page.evaluate('document.activeElement.type')
      await waitFor(page, 'Success')
      await dialog.waitFor({ state: 'detached' })
      expect([focus, await page.locator('#captcha .geetest_panel').isVisible()]).toEqual(['checkbox', true])
    })

    it('popup keeps the focus inside', async () => {
      const page = await ready('endless', { product: 'popup' })
      await act(page, 'show()')
      const inside: unknown[] = []
      for (const key of ['Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab']) {
        await page.keyboard.press(key)
        inside.push(await page.evaluate("!!document.activeElement.closest('[role=dialog]')"))
      }
      expect(inside).toEqual(Array(5).fill(true))
    })

    it('bind shows nothing in the page, and opens by verify', async () => {
      const page = await ready('normal', { product: 'bind' }, '')
      await act(page, 'verify()')
      await page.getByRole('dialog').waitFor()
      await waitFor(page, 'Success')
      expect(isSolved(await act(page, 'getValidate()'))).toBe(true)
    })

    it('hideClose leaves the button out of a popup that has nothing to cancel', async () => {
      const page = await ready('deny', { product: 'popup', hideClose: true })
      await act(page, 'show()')
      expect(await cancel(page).isVisible()).toBe(false)
    })

    it('keeps its height whatever it says', async () => {
      const page = await ready('normal', EMBED)
      const height = async () => (await page.locator('.geetest_panel').boundingBox())?.height
      const idle = await height()
      await box(page).click()
      const working = await height()
      await waitFor(page, 'Success')
      expect([working, await height()]).toEqual([idle, idle])
    })
  })

  describe('other challenges', () => {
    it('"deny" says that the form is closed, and cannot be ticked', async () => {
      const page = await ready('deny', EMBED)
      await box(page).click({ force: true })
      await act(page, 'verify()')
      expect(await says(page).innerText()).toBe('Service down; closed for now')
      expect([await box(page).isChecked(), await box(page).getAttribute('aria-disabled')]).toEqual([false, 'true'])
      expect(names(await waitFor(page, 'Ready'))).not.toContain('Error')
    })

    it('"allow" passes with one tick, without work', async () => {
      const { page } = await at('/', 'allow', countWorkers, EMBED)
      await box(page).click()
      await waitFor(page, 'Success')
      const answer = (await act(page, 'getValidate()')) as Record<string, string>
      expect([answer.geetest_validate, await page.evaluate('started')]).toEqual(['0', 0])
    })

    it.each(['2.1.1', 'x', '1.1', ''])('of an unknown version (%j) are an error, in words', async (rest) => {
      const { page } = await open()
      await page.goto(stage.site.origin)
      await makeCaptcha(page, configOf(`${'0'.repeat(32)}.gt-offline.${rest}`))
      const error = await errorOf(page)
      expect(error).toMatchObject({ code: 'error_21', user_error: 'No longer valid, please reload' })
      expect(await says(page).innerText()).toBe(error?.user_error)
    })

    it('that are too old are an error, in words, even if they were solved', async () => {
      const { page } = await at('/', 'quick', (fresh) => fresh.clock.install(), EMBED)
      await page.clock.runFor(1)
      await box(page).click()
      await page.clock.runFor(1000)
      await waitFor(page, 'Success')
      await page.clock.runFor(9 * 60 * 1000)
      await hear(page, 'No longer valid')
      expect([await act(page, 'getValidate()'), await box(page).isChecked()]).toEqual([false, false])
    })
  })

  describe('people', () => {
    it.each([
      [undefined, '开始验证', /完成一次计算$/, '验证成功'],
      ['zh-cn', '开始验证', /完成一次计算$/, '验证成功'],
      ['zh-tw', '開始驗證', /完成一次計算$/, '驗證成功'],
      ['en', 'Verify me', /short calculation instead$/, 'Verified'],
      ['fr', 'Vérifier', /bref calcul à la place$/, 'Vérifié'],
      ['ara', 'التحقق مني', /^خدمة التحقق متوقفة/, 'تم التحقق'],
      ['sv', 'Verify me', /short calculation instead$/, 'Verified'],
    ])('read and hear the language %s', async (lang, label, idle, done) => {
      const page = await ready('quick', { ...EMBED, lang })
      await page.getByRole('checkbox', { name: label }).waitFor()
      expect(await page.getByRole('status').innerText()).toMatch(idle)
      await solve(page)
      expect(await page.getByRole('status').innerText()).toBe(done)
    })

    it('are told what the box is for when they reach it', async () => {
      const page = await ready('quick', EMBED)
      expect(await box(page).getAttribute('aria-describedby')).toBe(await says(page).getAttribute('id'))
    })

    it('work with the keyboard alone', async () => {
      const page = await ready('quick', EMBED)
      await page.focus('[name=user]')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await waitFor(page, 'Success')
      expect(await page.evaluate('document.activeElement.checked')).toBe(true)
    })

    it('have 44 pixels to hit, and the words count', async () => {
      const page = await ready('quick', EMBED)
      const target = page.locator('label', { hasText: 'Verify me' })
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44)
      await target.click({ position: { x: 100, y: 40 } })
      await waitFor(page, 'Success')
      expect(isSolved(await act(page, 'getValidate()'))).toBe(true)
    })

    it.each([
      ['idle', 'quick', async () => {}],
      ['working', 'endless', (page: Page) => box(page).click()],
      ['done', 'quick', (page: Page) => solve(page)],
      ['closed', 'deny', async () => {}],
      ['open in a modal', 'endless', (page: Page) => act(page, 'show()')],
    ] as const)('find nothing that axe would complain about while it is %s', async (_state, kind, reach) => {
      const page = await ready(kind, { product: 'popup' })
      await reach(page)
      expect(await complaints(page)).toEqual([])
    })

    it('find no more after it was disabled', async () => {
      const page = await ready('quick', EMBED)
      await act(page, 'disable()')
      await box(page).click({ force: true })
      const shut = await box(page).isChecked()
      await act(page, 'enable()')
      expect([shut, await solve(page)]).toEqual([false, true])
    })
  })

  describe('beside the widget of the cloud', () => {
    it('lives on one page: online, downtime, online', async () => {
      const scene = await setScene()
      try {
        const { page } = await open()
        await page.goto(stage.site.origin)
        const config = await scene.config(EMBED)
        await makeCaptcha(page, config, "captcha.appendTo('#captcha')")
        await waitFor(page, 'Ready')
        await makeCaptcha(page, configOf(challenges.quick(), EMBED), "captcha.appendTo('#second')")
        await waitFor(page, 'Ready')
        await makeCaptcha(page, await scene.config(EMBED), "captcha.appendTo('#area')")
        await waitFor(page, 'Ready')
        const kinds = await page.$$eval('#captcha, #second, #area', (places) =>
          (places as unknown as { querySelector: (selector: string) => unknown }[]).map((place) =>
            place.querySelector('.geetest_radar_tip') ? 'bar' : place.querySelector('[type=checkbox]') && 'checkbox',
          ),
        )
        expect(kinds).toEqual(['bar', 'checkbox', 'bar'])
      } finally {
        await scene.stop()
      }
    })

    it('leaves window.Geetest as it was', async () => {
      const { page } = await open()
      await page.goto(stage.site.origin)
      await page.evaluate('window.Geetest = window.mine = function () {}')
      await makeCaptcha(page, configOf(challenges.quick()))
      expect(await page.evaluate('Geetest === mine')).toBe(true)
    })
  })

  describe('is loaded', () => {
    it('from where gt.js came from, without its query, whatever hosts the configuration names', async () => {
      const loader = (response: Parameters<typeof refuse>[0]) => void response.end(read(built.loader))
      const script = (response: Parameters<typeof refuse>[0]) => void response.end(read(built.offline))
      stage.site.serve({ '/captcha/gt.js': loader, '/captcha/gt-offline.js': script })
      const { page, requests } = await open()
      await page.goto(`${stage.site.origin}/elsewhere`)
      await page.setContent('<div id="captcha"></div>')
      await page.addScriptTag({ url: `${stage.site.origin}/captcha/gt.js?v=1.0.0/x` })
      const hosts = {
        api_server: 'a.invalid',
        static_servers: ['b.invalid'],
        getLib: { type: 'slide', slide: '/x.js' },
      }
      await makeCaptcha(page, configOf(challenges.quick(), hosts))
      await waitFor(page, 'Ready')
      const asked = requests.slice(1).map((url) => url.replace(stage.site.origin, ''))
      expect(asked).toEqual(['/captcha/gt.js?v=1.0.0/x', '/captcha/gt-offline.js'])
    })

    it('once for all captchas of a page', async () => {
      const { page, requests } = await made('quick', EMBED)
      for (const place of ['#second', '#area']) {
        await makeCaptcha(page, configOf(challenges.quick(), EMBED), `captcha.appendTo('${place}')`)
        await waitFor(page, 'Ready')
      }
      expect(requests.filter((url) => url.endsWith('gt-offline.js'))).toHaveLength(1)
    })

    it.each([
      ['is refused: then it is error_111, and nobody else is asked', 'refused', refuse],
      ['brings no captcha', 'other', (response: Parameters<typeof refuse>[0]) => void response.end('/* no captcha */')],
    ])('as error_111 where the script %s', async (_how, name, route) => {
      stage.site.serve({ [`/${name}.js`]: route })
      const { page, requests } = await open()
      await page.goto(stage.site.origin)
      await page.evaluate('window.Geetest = function () {}')
      const before = requests.length
      const config = JSON.stringify(configOf(`${'0'.repeat(32)}.${name}.1`))
      const code = await page.evaluate(`new Promise(function (resolve) {
        var config = ${config}
        config.onError = function (error) { resolve(error.code) }
        initGeetest(config, resolve)
      })`)
      expect([code, requests.slice(before)]).toEqual(['error_111', [`${stage.site.origin}/${name}.js`]])
    })

    it('is loaded by the name that the challenge says: a provider of the site may bring its own', async () => {
      const own = 'window.Geetest = function (config) { this.own = config.challenge.slice(33) }'
      stage.site.serve({ '/my-check.js': (response) => void response.end(own) })
      const { page } = await open()
      await page.goto(stage.site.origin)
      const config = JSON.stringify(configOf(`${'0'.repeat(32)}.my-check.7`))
      expect(
        await page.evaluate(`new Promise(function (resolve) {
          initGeetest(${config}, function (captcha) { resolve(captcha.own) })
        })`),
      ).toBe('my-check.7')
    })

    it('only offline: the same challenge with a cloud that answers is no affair of the site', async () => {
      const { page, requests } = await open()
      await page.goto(stage.site.origin)
      const config = JSON.stringify(configOf(challenges.quick(), { offline: false, api_server: 'cloud.invalid' }))
      await page.evaluate(`initGeetest(Object.assign(${config}, { onError: function () {} }), function () {})`)
      await until(() => requests.some((url) => url.includes('cloud.invalid/gettype.php')))
      expect(requests.filter((url) => url.includes('gt-offline'))).toEqual([])
    })
  })
})
