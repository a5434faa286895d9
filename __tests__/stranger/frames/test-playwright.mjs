import { copyFileSync, writeFileSync } from 'node:fs'
import { done } from './support/cloud.mjs'
import { other, serve } from './support/page.mjs'
import { shell } from './support/shell.mjs'

const baseURL = await serve(other('start-page'))
const { CHROMIUM_PATH: executablePath } = process.env
const use = { baseURL, locale: 'en-US', launchOptions: { executablePath, args: ['--no-sandbox'] } }
writeFileSync('playwright.config.js', `module.exports = ${JSON.stringify({ testMatch: 'login.spec.js', use })}`)
copyFileSync(process.env.BLOCK, 'login.spec.js')
await shell('npx playwright test')
done()
