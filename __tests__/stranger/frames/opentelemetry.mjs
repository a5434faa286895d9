import assert from 'node:assert'
import { metrics as api } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { done } from './support/cloud.mjs'
import { site, solve } from './support/site.mjs'

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] })
api.setGlobalMeterProvider(provider)
// ── the block ──
const store = { put: () => undefined, take: () => Promise.reject(new Error('away')) }
const riddle = { name: 'riddle', issue: () => '0', verify: () => true }
const { app, captcha } = site({ scene: 'login', downtime: riddle, budgets: { issues: 1 } })
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
app.use((error, req, res, next) => res.status(error.status).end(error.code))
const { agent, answer } = await solve(app)
await agent.post('/login').send(answer).expect(200)
await agent.post('/login').send(answer).expect(403, 'replayed')
captcha.force({ mode: 'down', reason: 'words of an operator', seconds: 60 })
const { body } = await agent.get('/getcaptcha').expect(200)
const solved = { geetest_challenge: body.challenge, geetest_validate: 'x', geetest_seccode: 'x' }
await agent.post('/login').send(solved).expect(200)
await agent.get('/getcaptcha').expect(429)
const broken = site({ scene: 'broken', store })
assert.equal((await broken.captcha.health()).status, 'failing')

await provider.forceFlush()
/** Every point of one metric: its attributes, and its value or, of a histogram, its count. */
const points = (name) =>
  exporter
    .getMetrics()
    .at(-1)
    .scopeMetrics.flatMap(({ metrics }) => metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => [attributes, value.count ?? value]))
assert.deepEqual(points('geetest.issues'), [
  [{ scene: 'login', mode: 'online' }, 1],
  [{ scene: 'login', mode: 'riddle' }, 1],
])
assert.deepEqual(points('geetest.verdicts'), [
  [{ scene: 'login', mode: 'online', outcome: 'ok' }, 1],
  [{ scene: 'login', mode: 'none', outcome: 'replayed' }, 1],
  [{ scene: 'login', mode: 'riddle', outcome: 'ok' }, 1],
])
assert.deepEqual(points('geetest.downtime.solve.duration'), [[{ scene: 'login', mode: 'riddle' }, 1]])
assert.deepEqual(points('geetest.budget.exceeded'), [[{ scene: 'login', act: 'issue' }, 1]])
assert.deepEqual(points('geetest.mode.changes'), [[{ scene: 'login', mode: 'down', cause: 'forced' }, 1]])
assert.deepEqual(points('geetest.mode'), [[{ scene: 'login' }, 0]])
assert.deepEqual(points('geetest.store.errors'), [[{ scene: 'broken' }, 1]])
assert.deepEqual(points('geetest.upstream.duration'), [
  [{ call: 'register', outcome: 'ok' }, 1],
  [{ call: 'validate', outcome: 'ok' }, 1],
])
done()
