import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { buildForm, checkES5, read } from './support/bundles'
import { describeInChromium, type Tab } from './support/chromium'
import {
  form,
  line,
  login,
  pageOf,
  reach,
  solve,
  startFormSite,
  type FormOptions,
  type FormSite,
} from './support/form-site'

const file = buildForm()

describe('the built form helper', () => {
  it('is ES5', () => {
    expect(() => checkES5(file)).not.toThrow()
  })

  it('weighs at most 2.0 kB, minified and gzipped', () => {
    expect(gzipSync(read(file), { level: 9 }).length).toBeLessThanOrEqual(2000)
  })
})

describeInChromium('a form with data-geetest', (open) => {
  let site: FormSite
  beforeAll(async () => {
    site = await startFormSite()
  })
  beforeEach(() => {
    site.posts.length = site.sessions.length = 0
  })
  afterEach(async () => {
    site.captcha.force(undefined)
    await site.simulator.fault('none')
  })
  afterAll(() => site.stop())

  /** A page with one form, whose captcha can be used. */
  async function visit(options: FormOptions = {}): Promise<Page> {
    const { page } = await openAt(pageOf(form(options), options))
    await reach(page, 'ready')
    return page
  }

  async function openAt(html: string, options?: Parameters<typeof open>[0]): Promise<Tab> {
    const tab = await open(options)
    site.show('/', html)
    await tab.page.goto(site.url)
    return tab
  }

  const welcome = (page: Page): Promise<void> => page.getByText('welcome').waitFor()
  const said = (page: Page, text: string): Promise<void> => page.locator('#said').filter({ hasText: text }).waitFor()
  const password = (page: Page, value: string): Promise<void> => page.locator('#form [name=password]').fill(value)

  describe.each(['float', 'popup', 'bind', 'embed'])('as %s', (product) => {
    it('asks for the captcha by its own button, and is sent once that is solved', async () => {
      const page = await visit({ attributes: `data-product="${product}"` })
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(site.posts).toHaveLength(1)
    })
  })

  it('shows', async () => {
    const page = await visit({ fetch: true })
    await login(page).click()
    await solve(page)
    await said(page, 'welcome')
    await password(page, 'x')
    expect(await line(page).innerText()).toBe('')
  })
})
