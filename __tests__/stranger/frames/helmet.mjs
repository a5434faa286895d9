import assert from 'node:assert'
import { site } from './support/site.mjs'
import { done } from './support/cloud.mjs'
import supertest from 'supertest'

const { app } = site()
// ── the block ──
app.get('/', (req, res) => res.send('<form data-geetest>'))
const { headers } = await supertest(app).get('/').expect(200)
assert.match(
  headers['content-security-policy'],
  /script-src 'self' https:\/\/\*\.geetest\.com .*dn-staticdown\.qbox\.me/,
)
assert.equal(headers['referrer-policy'], 'same-origin')
done()
