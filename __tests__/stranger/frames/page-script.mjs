import { slide, visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'
import { serve } from './support/page.mjs'

const page = await visit(await serve())
await page.locator('form[data-geetest-state=ready]').waitFor()
await page.getByRole('button', { name: 'Log in' }).click()
await slide(page)
await page.getByText('Welcome').waitFor()
done()
