import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { ADVICE, chromiumPath } from '../browser/support/chromium'
import { describeWith } from '../support/program'
import { blocksOf } from './support/blocks'
import { run, tarball } from './support/folder'

const MOST_LINES = 10

/** What README says under this name. */
function said(document: string, name: string): string {
  const block = blocksOf(document).find((one) => one.name === name)
  if (block === undefined) throw new Error(`${document} has no block ${name}`)
  return block.code
}

describeWith(
  chromiumPath,
  'five minutes',
  ADVICE,
)('five minutes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'express-geetest-start-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  // What README.zh-CN.md has to type is the same to the letter: docs.test.ts compares them.
  test('who follows README.md, or its translation, from an empty folder has a guarded login at the first try', async () => {
    const document = 'README.md'
    const begun = performance.now()
    const place = join(folder, document)
    mkdirSync(join(place, 'public'), { recursive: true })
    // The packed package stands for the published one; all else is typed as it stands.
    run(place, 'sh', ['-ec', said(document, 'start-install').replace('install express-geetest', `install ${tarball}`)])
    writeFileSync(join(place, 'app.mjs'), said(document, 'start-app'))
    writeFileSync(join(place, 'public/index.html'), said(document, 'start-page'))
    const app = spawn('sh', ['-ec', said(document, 'start-run')], { cwd: place, detached: true })
    try {
      await untilItSays(app.stdout, 'http://localhost:3000')
      await logIn('http://localhost:3000')
    } finally {
      process.kill(-Number(app.pid))
      await once(app, 'exit')
    }
    const seconds = (performance.now() - begun) / 1000
    console.info(`${document}: from npm init to a guarded login in ${seconds.toFixed(1)} s, the drag included`)
    expect(seconds).toBeLessThan(300)
  })

  test('it takes ten lines of code', () => {
    const lines = said('README.md', 'start-app')
      .split('\n')
      .filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThanOrEqual(MOST_LINES)
  })
})

async function untilItSays(output: NodeJS.ReadableStream, words: string): Promise<void> {
  let said = ''
  for await (const text of output) if ((said += String(text)).includes(words)) return
  throw new Error(`it never said ${words}: ${said}`)
}

/** As a person would; without the captcha first, which must not work. */
async function logIn(address: string): Promise<void> {
  const refused = await fetch(`${address}/login`, { method: 'POST' })
  expect(refused.status).toBe(403)
  const browser = await chromium.launch({
    executablePath: String(chromiumPath),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const page = await browser.newPage()
    await page.goto(address)
    await page.locator('form[data-geetest-state=ready]').waitFor()
    await page.locator('.geetest_radar_btn').click()
    const handle = page.locator('.geetest_slider_button')
    await handle.waitFor()
    const box = await handle.boundingBox()
    if (box === null) throw new Error('the slider is not to be seen')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + Number(await handle.getAttribute('data-gap')), y, { steps: 12 })
    await page.mouse.up()
    await page.locator('form[data-geetest-state=solved]').waitFor()
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Welcome').waitFor()
  } finally {
    await browser.close()
  }
}
