import type { Page } from 'playwright-core'
import type { GeetestOptions } from '../../lib'
import { describeInChromium } from './support/chromium'
import { solve } from './support/form-page'
import { setOfficialSite } from './support/official-pages'

/** What decides who passes, and so what a visitor has to do. */
type Mode = 'online' | 'proof-of-work' | 'failback'

/** How a page lets its visitor begin. */
interface How {
  /** Where the captcha stands; nowhere: the page's button opens it. */
  readonly place?: string
  /** The page's button sends what was solved; else it is sent by itself. */
  readonly sends?: true
}

const DRAWN: How = { place: '#captcha', sends: true }
const BOUND: How = {}
const PLACES: readonly How[] = [{ place: '#first' }, DRAWN, { place: '#third' }]

const fill = (page: Page, password: string) => page.locator('#password').fill(password)
const press = (page: Page) => page.locator('#btn').click()

/** All that the site has answered, once it has answered so often. */
async function said(page: Page, times: number): Promise<string[]> {
  await page.waitForFunction(`said.length >= ${times}`)
  return page.evaluate<string[]>('said')
}

/** What the visitor does in the captcha of a page until that is solved. */
async function pass(page: Page, mode: Mode, { place }: How): Promise<void> {
  if (place === undefined) await press(page)
  else if (mode === 'proof-of-work') await page.locator(place).getByRole('checkbox').click()
  else {
    await page.locator(`${place} .geetest_holder.geetest_ready`).waitFor()
    await page.locator(`${place} .geetest_radar_btn`).click()
  }
  if (mode === 'online') await solve(page)
}

/** One login after another on one page: what the site has answered to each. */
async function logIn(page: Page, mode: Mode, how: How, passwords: readonly string[]): Promise<string[]> {
  const before = (await said(page, 0)).length
  if (how.place === undefined) await page.locator('#wait').waitFor({ state: 'hidden' })
  let answers: string[] = []
  for (const [i, password] of passwords.entries()) {
    await fill(page, password)
    const holder = mode === 'online' || !how.place ? null : await page.waitForSelector(`${how.place} .geetest_holder`)
    await pass(page, mode, how)
    if (how.sends) {
      await page.locator(`${how.place} .geetest_holder.geetest_success`).waitFor()
      await press(page)
    }
    answers = (await said(page, before + i + 1)).slice(before)
    if (answers.at(-1) !== 'fail') break
    await page.waitForFunction('!captcha.getValidate()')
    // In an outage another captcha takes the place of the one that is spent.
    if (holder) await page.waitForFunction((one) => !(one as unknown as { isConnected: boolean }).isConnected, holder)
  }
  return answers
}

const V3: Array<[string, How]> = [
  ['float', DRAWN],
  ['popup', DRAWN],
  ['embed', DRAWN],
  ['bind', BOUND],
]
const V4: Array<[string, How]> = [
  ['float4', DRAWN],
  ['popup4', DRAWN],
  ['bind4', BOUND],
]
const OUTAGE = { mode: 'down', reason: 'test', seconds: 600 } as const
const MODES: Array<[Mode, Partial<GeetestOptions>]> = [
  ['online', {}],
  ['proof-of-work', {}],
  ['failback', { downtime: 'failback' }],
]

describeInChromium('pages as the demos of the vendor’s SDKs call its API', (open) => {
  describe.each(MODES)('%s', (mode, options) => {
    const site = setOfficialSite(open, () => options)

    beforeEach(async () => {
      if (mode === 'online') return
      for (const captcha of site.captchas) captcha.force(OUTAGE)
      await site.simulator.fault('500', { endpoint: 'load' })
    })

    test.each(V3)('%s: wrong passwords, each followed by reset(), then the right one', async (name, how) => {
      const { page, exceptions } = await site.visit(name)
      expect(await logIn(page, mode, how, ['wrong', 'wrong', 'right'])).toEqual(['fail', 'fail', mode])
      expect(exceptions).toEqual([])
    })

    test('three at once, as somebody’s first page: each takes a wrong password, reset(), and the right one', async () => {
      const { page, exceptions } = await site.visit('three')
      for (const how of PLACES) {
        expect(await logIn(page, mode, how, ['wrong', 'right'])).toEqual(['fail', mode])
      }
      expect(exceptions).toEqual([])
    })

    test('a form that the browser sends stays until it is solved, and takes the right password after a wrong one', async () => {
      const { page } = await site.visit('form')
      const address = page.url()
      await page.locator('#wait').waitFor({ state: 'hidden' })
      await press(page)
      expect(await said(page, 1)).toEqual(['unsolved'])
      for (const [password, answer] of [
        ['wrong', 'fail'],
        ['right', mode],
      ] as const) {
        await fill(page, password)
        await pass(page, mode, DRAWN)
        await page.locator('#captcha .geetest_holder.geetest_success').waitFor()
        await press(page)
        await page.getByRole('heading', { name: answer, exact: true }).waitFor()
        if (answer === 'fail') await page.goto(address)
      }
      expect(await page.title()).toBe('answer')
    })

    if (mode !== 'failback') {
      test.each(V4)('%s: wrong passwords, each followed by reset(), then the right one', async (name, how) => {
        const { page, exceptions } = await site.visit(name)
        expect(await logIn(page, mode, how, ['wrong', 'wrong', 'right'])).toEqual(['fail', 'fail', mode])
        expect(exceptions).toEqual([])
      })
    }

    if (mode === 'online') {
      test.each([
        ['popup', DRAWN],
        ['bind', BOUND],
      ] as const)('%s: the sixth reset() in a row ends in words that ask for a fresh captcha', async (name, how) => {
        const { page } = await site.visit(name)
        const wrong = Array<string>(6).fill('wrong')
        expect(await logIn(page, mode, how, wrong)).toEqual(Array(6).fill('fail'))
        expect(await logIn(page, mode, how, ['right'])).toEqual([expect.stringContaining('Load a new one')])
        await page.reload()
        expect(await logIn(page, mode, how, ['right'])).toEqual([mode])
      })
    }
  })
})
