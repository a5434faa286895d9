// What a far cloud costs a visitor who asks for a challenge, without a stock and with one. Visitors come by chance, each with a
// session of its own, solve what they got and log in; site, cloud and visitors are this process.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import express from 'express'
import session from 'express-session'
import { geetest, type GeetestOptions } from '../lib'
import { createSimulator, type Simulator } from '../lib/simulator'

/** Milliseconds from the site to the cloud and back. */
const AWAY = Number(process.env.AWAY ?? 150)
const VISITORS = 400
const A_SECOND = 20
/** What is promised with a stock, in milliseconds. */
const MOST_MEDIAN = 10

interface Visit {
  readonly took: number
  readonly passed: boolean
}

async function site(simulator: Simulator, prefetch: boolean) {
  const { captchaId, privateKey, url: apiServer } = simulator
  let stocked = 0
  const onEvent: GeetestOptions['onEvent'] = (event) => {
    if (event.type === 'issue' && event.stocked) stocked += 1
  }
  const captcha = geetest({ captchaId, privateKey, apiServer, prefetch, onEvent })
  const app = express()
  app.use(session({ secret: 'bench', resave: false, saveUninitialized: false }), captcha)
  app.post('/login', captcha.validate(), (_req, res) => void res.end())
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    captcha.close()
    server.close().closeAllConnections()
  }
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close, stocked: () => stocked }
}

async function visit(origin: string, simulator: Simulator): Promise<Visit> {
  const begun = performance.now()
  const reply = await fetch(`${origin}/getcaptcha`)
  const { challenge } = (await reply.json()) as { challenge: string }
  const took = performance.now() - begun
  const [cookie = ''] = reply.headers.getSetCookie().map((one) => one.split(';')[0])
  const body = new URLSearchParams({ ...simulator.answer(challenge) })
  const login = await fetch(`${origin}/login`, { method: 'POST', headers: { cookie }, body })
  await login.text()
  return { took, passed: login.status === 200 }
}

const quantile = (sorted: readonly number[], q: number): number =>
  Number((sorted[Math.floor((sorted.length - 1) * q)] ?? NaN).toFixed(1))

async function measure(prefetch: boolean) {
  const simulator = createSimulator()
  await simulator.start()
  await simulator.fault('slow', { delay: AWAY })
  const { origin, close, stocked } = await site(simulator, prefetch)
  const visits: Promise<Visit>[] = []
  for (let i = 0; i < VISITORS; i++) {
    visits.push(visit(origin, simulator))
    // Some come together, and sometimes nobody comes for a while.
    await wait((-Math.log(1 - Math.random()) * 1000) / A_SECOND)
  }
  const done = await Promise.all(visits)
  const calls = simulator.calls.filter(({ endpoint }) => endpoint === 'register').length
  close()
  await simulator.stop()
  const times = done.map(({ took }) => took).toSorted((a, b) => a - b)
  return {
    prefetch,
    'median ms': quantile(times, 0.5),
    'p90 ms': quantile(times, 0.9),
    'p99 ms': quantile(times, 0.99),
    'slowest ms': quantile(times, 1),
    'from the stock': `${stocked()} of ${VISITORS}`,
    'calls to register': calls,
    passed: done.filter(({ passed }) => passed).length,
  }
}

async function main(): Promise<void> {
  console.log(`Cloud ${AWAY} ms away; ${VISITORS} visitors, about ${A_SECOND} a second; GET /getcaptcha, then a login`)
  const rows = [await measure(false), await measure(true)]
  console.table(rows)
  const verdicts: [boolean, string][] = [
    [Number(rows[1]?.['median ms']) < MOST_MEDIAN, `with a stock the median is below ${MOST_MEDIAN} ms`],
    [Number(rows[0]?.['median ms']) >= AWAY, 'without one everybody waits for the cloud'],
    [rows.every(({ passed }) => passed === VISITORS), 'every challenge was validated by the cloud'],
  ]
  for (const [good, words] of verdicts) console.log(`${good ? 'yes' : 'NO '}  ${words}`)
  process.exit(verdicts.every(([good]) => good) ? 0 : 1)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
