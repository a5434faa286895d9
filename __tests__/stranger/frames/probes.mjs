import supertest from 'supertest'
import { done } from './support/cloud.mjs'
import { site } from './support/site.mjs'

const store = { put: () => undefined, take: () => Promise.reject(new Error('away')) }
const { app, captcha } = site({ store })
// ── the block ──
captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
await supertest(app).get('/live').expect(200)
await supertest(app).get('/ready').expect(200)
captcha.close()
await supertest(app).get('/live').expect(200)
await supertest(app).get('/ready').expect(503)
done()
