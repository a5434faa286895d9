import { logIn, visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'
import { serve } from './support/page.mjs'

await logIn(await visit(await serve(undefined, { version: 4 })))
done()
