import assert from 'node:assert'
import express from 'express'
import supertest from 'supertest'
import { done } from './support/cloud.mjs'
import { site } from './support/site.mjs'

let away = false
const store = {
  kept: new Map(),
  put: (id, record) => void store.kept.set(id, record),
  take: (id) => (away ? Promise.reject(new Error('away')) : store.kept.get(id)),
}
const { captcha: login } = site({ scene: 'login' })
const { captcha: comment } = site({ scene: 'comment', store })
const app = express()
// ── the block ──
const statuses = async (code) =>
  (await supertest(app).get('/health').expect(code)).body.scenes.map(({ status }) => status)
assert.deepEqual(await statuses(200), ['ok', 'ok'])
login.force({ mode: 'down', reason: 'drill', seconds: 60 })
assert.deepEqual(await statuses(200), ['degraded', 'ok'])
away = true
assert.deepEqual(await statuses(503), ['degraded', 'failing'])
done()
