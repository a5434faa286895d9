import assert from 'node:assert'
import supertest from 'supertest'
import { done } from './support/cloud.mjs'
import { site } from './support/site.mjs'

const store = { put: () => undefined, take: () => Promise.reject(new Error('away')) }
const [sound, broken] = [site(), site({ store })]
for (const { app, captcha } of [sound, broken]) {
  // ── the block ──
}
sound.captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
const { body } = await supertest(sound.app).get('/health').expect(200)
assert.equal(body.status, 'degraded')
assert.equal((await supertest(broken.app).get('/health').expect(503)).body.status, 'failing')
done()
