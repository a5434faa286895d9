import assert from 'node:assert'
import { apiServer, captchaId, done, privateKey, simulator } from './support/cloud.mjs'

// The visitor's part, between the two calls of the block.
const form = new Proxy({}, { get: (_, name) => simulator.answer(response.challenge)[name] })
// ── the block ──
assert.equal(verdict, 'ok')
done()
