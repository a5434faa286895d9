import assert from 'node:assert'
import { readFileSync } from 'node:fs'
import { visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'
import { serve } from './support/page.mjs'

// A site that gives no challenge: the form says that it could not be loaded, in words of its own.
const words = readFileSync(process.env.BLOCK, 'utf8')
const form = '<form data-geetest data-lang="sv" data-scene="/nowhere" method="post"><button>Log in</button></form>'
const page = await visit(await serve(`<script src="/geetest-form.js"></script><script>${words}</script>${form}`))
const retry = page.getByRole('button', { name: 'Försök igen' })
await retry.waitFor()
assert.equal(await page.locator('form').getAttribute('data-geetest-state'), 'error')
done()
