import type { Page } from 'playwright-core'
import { complaints } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { form, pageOf, reach } from './support/form-page'
import { setForms } from './support/form-stage'

const V4 = 'data-version="4" data-scene="/v4"'
/** Counts what moves, from the first paint on. */
const COUNT = `window.moved = 0
new PerformanceObserver(function (list) {
  list.getEntries().forEach(function (entry) { moved += entry.value })
}).observe({ type: 'layout-shift', buffered: true })`
/** What many style sheets do to checkboxes and to everything. */
const HOSTILE = `<style>*, *::before { box-sizing: content-box; letter-spacing: 1px }
  [type=checkbox] { position: absolute; left: -9999px; opacity: 0 !important; appearance: none !important; width: 0 !important }
  [type=checkbox] + span::before { content: ""; position: absolute; width: 99px; height: 99px; background: red }
  button { min-width: 200px; text-transform: uppercase } label { display: inline; float: left }</style>`
const DARK = '<meta name="color-scheme" content="light dark">'
const POLICY =
  "default-src 'self' http://127.0.0.1:*; style-src 'self' 'unsafe-inline'; script-src 'self' http://127.0.0.1:*"

describeInChromium('the looks of a form', (open) => {
  const stage = setForms(open)
  const outage = () => {
    for (const captcha of [stage.site.captcha, stage.site.captcha4])
      captcha.force({ mode: 'down', reason: 'a test', seconds: 600 })
  }
  const show = async (page: Page, attributes = '', before = '') => {
    stage.site.show('/', pageOf(before + form({ attributes }), {}), POLICY)
    await page.goto(stage.site.url)
    await reach(page, 'ready')
  }
  const colors = (page: Page) =>
    page.evaluate<number[]>(`(function () {
      var style = getComputedStyle(document.querySelector('.geetest_panel'))
      return [style.backgroundColor, style.color].map(function (color) {
        var canvas = document.createElement('canvas').getContext('2d')
        canvas.fillStyle = color
        canvas.fillRect(0, 0, 1, 1)
        return canvas.getImageData(0, 0, 1, 1).data[0]
      })
    })()`)

  // Falls when: nothing is reserved for the captcha, or another height than it has.
  it.each(['online', 'in an outage'])(
    'moves nothing while its captcha comes, %s, in any product and width',
    async (mode) => {
      const { page } = await open()
      await page.addInitScript(COUNT)
      if (mode !== 'online') outage()
      const moved: Record<string, number> = {}
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 })
        for (const product of ['float', 'popup', 'embed', 'bind'])
          for (const version of ['', V4]) {
            await show(page, `data-product="${product}" ${version}`)
            // Layout shifts are told after the frame that they are of.
            await page.evaluate(
              'new Promise(function (r) { requestAnimationFrame(function () { requestAnimationFrame(r) }) })',
            )
            moved[`${product} ${version} ${width}`] = await page.evaluate<number>('moved')
          }
      }
      expect(Object.entries(moved).filter(([, value]) => value >= 0.02)).toEqual([])
      expect(Object.keys(moved)).toHaveLength(16)
    },
  )

  it.each([
    ['', false],
    [DARK, true],
  ])('is dark where the page says so alone: %j', async (before, dark) => {
    const { page } = await open()
    await page.emulateMedia({ colorScheme: 'dark' })
    outage()
    await show(page, '', before)
    const [background = NaN, text = NaN] = await colors(page)
    expect(background < text).toBe(dark)
    expect(await complaints(page)).toEqual([])
  })

  it('takes colours and corners from variables of the page', async () => {
    const { page } = await open()
    outage()
    await show(page, '', '<style>form { --geetest-background: #ffeedd; --geetest-radius: 3px }</style>')
    const style = `getComputedStyle(document.querySelector('.geetest_panel'))`
    expect(await page.evaluate(`[${style}.backgroundColor, ${style}.borderTopLeftRadius]`)).toEqual([
      'rgb(255, 238, 221)',
      '3px',
    ])
  })

  it('has edges and a track in forced colours', async () => {
    const { page } = await open()
    await page.emulateMedia({ forcedColors: 'active' })
    await show(page)
    await page.locator('.geetest_radar_tip').click()
    await page.locator('.geetest_slider_button:visible').waitFor()
    const edges = await page.evaluate<string[]>(
      `['.geetest_slider', '.geetest_slider_button', '.geetest_radar_btn'].map(function (name) {
        var style = getComputedStyle(document.querySelector(name))
        return name === '.geetest_slider' ? style.outlineColor : style.borderTopColor
      })`,
    )
    expect(edges).not.toContain('rgba(0, 0, 0, 0)')
  })

  it('keeps its checkbox on a page that hides all checkboxes', async () => {
    const { page } = await open()
    outage()
    await show(page, '', HOSTILE)
    const box = page.locator('.geetest_checkbox')
    expect(await box.boundingBox()).toMatchObject({ width: 20, height: 20 })
    expect(await box.evaluate((element) => getComputedStyle(element as never).opacity)).toBe('1')
  })

  it('reads from the right in Arabic, on any page', async () => {
    const { page } = await open()
    outage()
    await show(page, 'data-lang="ara"')
    await page.getByText('خدمة التحقق متوقفة').waitFor()
    const [box, panel] = [
      await page.locator('.geetest_checkbox').boundingBox(),
      await page.locator('.geetest_panel').boundingBox(),
    ]
    expect(box?.x).toBeGreaterThan((panel?.x ?? 0) + (panel?.width ?? 0) / 2)
  })
})
