import { readFileSync } from 'node:fs'
import { drag, visit } from './support/browser.mjs'
import { apiServer, captchaId, done } from './support/cloud.mjs'
import { serve } from './support/page.mjs'

// The id of an account, and that its cloud is not the vendor's.
const { host } = new URL(apiServer)
const html = readFileSync(process.env.BLOCK, 'utf8').replace(
  "captchaId: 'your captcha id'",
  `captchaId: '${captchaId}', apiServers: ['${host}']`,
)
const page = await visit(await serve(html, { version: 4 }))
await drag(page)
await page.getByRole('button', { name: 'Log in' }).click()
await page.getByText('Welcome').waitFor()
done()
