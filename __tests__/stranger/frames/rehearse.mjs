import assert from 'node:assert'
import { done } from './support/cloud.mjs'
import { site } from './support/site.mjs'

const said = []
const { captcha } = site({ onEvent: (event) => event.type === 'cloud' && said.push(event.cause) })
// ── the block ──
assert.equal(said[0], 'forced: drill')
assert.equal(said[1], 'forced: the status page is wrong')
assert.equal(captcha.status.mode, 'up')
done()
