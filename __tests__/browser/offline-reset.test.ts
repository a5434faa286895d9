import type { Page } from 'playwright-core'
import { built, read } from './support/bundles'
import { act, bar, drag, errorOf, makeCaptcha, names, setScene, waitFor, type Scene } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { script, status, type Route } from './support/host'
import { box, challenges, configOf, isSolved, setOffline } from './support/offline'
import { until } from './support/until'

const json =
  (body: () => object, code = 200): Route =>
  (response) =>
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body()))

describeInChromium('in an outage, a captcha that starts over', (open) => {
  const stage = setOffline(open)
  /** What the site's server has issued, oldest first. */
  let issued: string[] = []

  function issue(): object {
    issued.push(challenges.quick())
    return { success: 0, gt: '0123456789abcdef0123456789abcdef', challenge: issued.at(-1), new_captcha: true }
  }

  const challengeOf = (page: Page) => page.evaluate<string>('captcha.getValidate().geetest_challenge')

  /** A page whose captcha the visitor has solved, by the box in the page. */
  async function solved(config: object = {}): Promise<Page> {
    const page = await stage.ready('quick', { product: 'embed', ...config })
    await box(page).click()
    await waitFor(page, 'Success')
    return page
  }

  /** The same in `bind`, where the check opens and begins by the page's own call. */
  async function verified(config: object = {}, then = ''): Promise<Page> {
    const { page } = await stage.made('quick', { product: 'bind', ...config }, `${then};captcha.verify()`)
    await waitFor(page, 'Success')
    return page
  }

  beforeEach(() => {
    issued = []
    stage.site.asked.splice(0)
    stage.site.serve({ '/getcaptcha': json(issue) })
  })

  it('gets a fresh challenge by itself, and forgets the answer to the first', async () => {
    const page = await solved()
    const first = await challengeOf(page)
    const old = await page.$('#captcha .geetest_holder')
    await act(page, 'reset()')
    const between = await act(page, 'getValidate()')
    await page.waitForFunction((holder) => !(holder as unknown as { isConnected: boolean }).isConnected, old)
    await box(page).click()
    await waitFor(page, 'Success', 2)
    const second = await challengeOf(page)
    expect([between, first === second, second]).toEqual([false, false, issued[0]])
    expect(isSolved(await act(page, 'getValidate()'))).toBe(true)
  })

  it('is the same object, and initGeetest calls the page once', async () => {
    const page = await stage.ready(
      'quick',
      { product: 'embed' },
      "window.made = (window.made || 0) + 1; captcha.appendTo('#captcha')",
    )
    await box(page).click()
    await waitFor(page, 'Success')
    await act(page, 'reset()')
    await page.evaluate('window.own = captcha.getValidate; window.chained = captcha.show() === captcha')
    await until(() => issued.length === 1)
    expect(await page.evaluate('[made, chained, captcha.getValidate === own]')).toEqual([1, true, true])
  })

  it('tells the handlers of the page, and once only that it is ready', async () => {
    const page = await verified()
    await act(page, 'reset()')
    await act(page, 'verify()')
    const heard = names(await waitFor(page, 'Success', 2))
    expect(heard.filter((event) => event !== 'StatusChange' && event !== 'BoxShow')).toEqual([
      'Ready',
      'NextReady',
      'Success',
      'NextReady',
      'Success',
    ])
    expect(await challengeOf(page)).toBe(issued[0])
  })

  it('keeps its hidden inputs in the form that the page has bound', async () => {
    const page = await verified({}, "captcha.bindForm('#form')")
    await act(page, 'reset()')
    await act(page, 'verify()')
    await waitFor(page, 'Success', 2)
    expect(
      await page.$$eval('#form [name=geetest_challenge]', (inputs) =>
        inputs.map((input) => (input as unknown as { value: string }).value),
      ),
    ).toEqual([issued[0]])
  })

  it('asks once, however often the page says so', async () => {
    const page = await verified()
    await act(page, 'reset().reset().reset().verify()')
    await waitFor(page, 'Success', 2)
    expect(stage.site.asked.filter((path) => path === '/getcaptcha')).toHaveLength(1)
  })

  it('keeps a challenge that nobody has answered', async () => {
    const page = await stage.ready('quick', { product: 'embed' })
    await act(page, 'reset()')
    await box(page).click()
    await waitFor(page, 'Success')
    expect([stage.site.asked.includes('/getcaptcha'), isSolved(await act(page, 'getValidate()'))]).toEqual([
      false,
      true,
    ])
  })

  it('asks the scene that the page names', async () => {
    const other: string[] = []
    stage.site.serve({
      '/register/gt-offline.js': script(read(built.offline)),
      '/register/getcaptcha': json(() => {
        other.push(challenges.quick())
        return { success: 0, gt: 'x'.repeat(32), challenge: other.at(-1) }
      }),
    })
    const page = await verified({ base: '/register/' })
    await act(page, 'reset().verify()')
    await waitFor(page, 'Success', 2)
    expect([await challengeOf(page), issued]).toEqual([other[0], []])
  })

  it.each<[string, Route]>([
    ['is not there', status(404)],
    ['is over its limits', json(() => ({ result: 'fail' }), 429)],
    ['answers with a page', (response) => void response.end('<h1>Log in</h1>')],
  ])('says error_109 where the site %s, gives no spent answer, and can be asked again', async (_how, route) => {
    stage.site.serve({ '/getcaptcha': route })
    const page = await verified()
    await act(page, 'reset()')
    const error = await errorOf(page)
    const between = await act(page, 'getValidate()')
    stage.site.serve({ '/getcaptcha': json(issue) })
    await act(page, 'reset().verify()')
    await waitFor(page, 'Success', 2)
    expect([error?.code, error?.user_error, between, await challengeOf(page)]).toEqual([
      'error_109',
      'Network failure, please try again',
      false,
      issued[0],
    ])
  })

  it('brings nothing back once it is destroyed', async () => {
    const page = await solved()
    await act(page, 'reset().destroy()')
    await until(() => issued.length === 1)
    await makeCaptcha(page, configOf(challenges.quick(), { product: 'embed' }), "captcha.appendTo('#second')")
    await waitFor(page, 'Ready')
    expect(await page.locator('#captcha [class*=geetest_]').count()).toBe(0)
  })

  it('has the methods of the vendor’s objects, which chain', async () => {
    const page = await stage.ready('quick', { product: 'embed' })
    expect(await page.evaluate('captcha.setInfos({}).validate({}) === captcha')).toBe(true)
  })

  describe('beside the cloud', () => {
    let scene: Scene
    beforeAll(async () => {
      scene = await setScene()
    })
    afterAll(() => scene.stop())

    it('becomes the cloud’s own where the outage is over, and passes there', async () => {
      const { challenge, api_server, gt } = await scene.config()
      stage.site.serve({
        '/getcaptcha': json(() => ({ success: 1, gt, challenge, new_captcha: true, api_server, protocol: 'http://' })),
      })
      const page = await solved({ gt })
      await act(page, 'reset()')
      await bar(page).click()
      await drag(page)
      await waitFor(page, 'Success', 2)
      expect(await challengeOf(page)).toMatch(new RegExp(`^${String(challenge)}`))
    })

    it('starts over from failback as well', async () => {
      const spent = '0123456789abcdef0123456789abcdef01'
      const { gt, api_server } = await scene.config()
      const page = await stage.at('/', 'quick').then(({ page: fresh }) => fresh)
      await makeCaptcha(
        page,
        { gt, api_server, challenge: spent, offline: true, new_captcha: true, product: 'popup', lang: 'en' },
        "captcha.appendTo('#second')",
      )
      await waitFor(page, 'Ready')
      // The vendor's library without its cloud lets a press be enough.
      await bar(page).click()
      await waitFor(page, 'Success')
      const first = await challengeOf(page)
      const fresh = 'fedcba9876543210fedcba9876543210fe'
      stage.site.serve({ '/getcaptcha': json(() => ({ success: 0, gt, challenge: fresh, new_captcha: true })) })
      const old = await bar(page).elementHandle()
      await act(page, 'reset()')
      await page.waitForFunction((one) => !(one as unknown as { isConnected: boolean }).isConnected, old)
      await bar(page).click()
      await waitFor(page, 'Success', 2)
      expect([first, await challengeOf(page)]).toEqual([spent, fresh])
    })
  })
})
