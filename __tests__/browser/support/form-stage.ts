import type { Page } from 'playwright-core'
import type { OpenTab, Tab } from './chromium'
import { form, login, pageOf, reach, solve, type FormOptions } from './form-page'
import { startFormSite, type FormSite } from './form-site'

/** Forms of one site, each test's on a page of its own. */
export interface FormStage {
  readonly site: FormSite
  /** A page with one form, whose captcha can be used. */
  readonly visit: (options?: FormOptions) => Promise<Page>
  /** A page of this text, as it comes. */
  readonly openAt: (html: string, options?: Parameters<OpenTab>[0]) => Promise<Tab>
  /** The same on a page that is open. */
  readonly show: (page: Page, html: string) => Promise<void>
  /** Types the password, presses the button, solves what comes. */
  readonly logIn: (page: Page, value?: string) => Promise<void>
}

/** Sets the site up for the tests of a `describe`, and takes it down. */
export function setForms(open: OpenTab): FormStage {
  let running: FormSite | undefined
  const site = () => {
    if (running === undefined) throw new Error('the site is set up in beforeAll')
    return running
  }

  beforeAll(async () => {
    running = await startFormSite()
  })
  beforeEach(() => {
    site().posts.length = site().sessions.length = 0
  })
  afterEach(async () => {
    site().captcha.force(undefined)
    site().captcha4.force(undefined)
    await site().simulator.fault('none')
  })
  afterAll(() => running?.stop())

  const stage: FormStage = {
    get site() {
      return site()
    },
    show: async (page, html) => {
      site().show('/', html)
      await page.goto(site().url)
    },
    openAt: async (html, options) => {
      const tab = await open(options)
      await stage.show(tab.page, html)
      return tab
    },
    visit: async (options = {}) => {
      const { page } = await stage.openAt(pageOf(form(options), options))
      await reach(page, 'ready')
      return page
    },
    logIn: async (page, value = 'right') => {
      await password(page, value)
      await login(page).click()
      await solve(page)
    },
  }
  return stage
}

export const password = (page: Page, value: string): Promise<void> => page.locator('#form [name=password]').fill(value)

/** What the site has answered to a form that was sent by script. */
export const said = (page: Page, text: string): Promise<void> =>
  page.locator('#said').filter({ hasText: text }).waitFor()

/** The page that the site answers to who has logged in. */
export const welcome = (page: Page): Promise<void> => page.getByText('welcome').waitFor()
