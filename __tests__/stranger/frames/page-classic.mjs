import { drag, visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'
import { serve } from './support/page.mjs'

const page = await visit(await serve())
await drag(page)
await page.getByRole('button', { name: 'Log in' }).click()
await page.getByText('Welcome').waitFor()
done()
