import { logIn, visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'
import { built, pageOf } from './support/next.mjs'

process.env.NODE_ENV = 'production'
process.env.PORT = '0'
process.chdir(built(pageOf(process.env.DOCUMENT)))
// ── the block ──
await logIn(await visit(`http://localhost:${server.address().port}/`))
done()
