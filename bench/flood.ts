// What a flood of challenges costs a site, and whether its honest visitors notice: a million issues over HTTP, from 1, 50 and
// 1000 addresses, while visitors from addresses of their own take longer to solve theirs than the store could keep everything.
// The site is this process; the crowd is a second one (flood-crowd.ts), so that its memory is not measured.
import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import session from 'express-session'
import { geetest, MemoryStore, type AxiosLike } from '../lib'
import { KEY, type CrowdSettings, type News } from './flood-crowd'

const ISSUES = Number(process.env.ISSUES ?? 1_000_000)
/** The store's own default; a shorter run gets a smaller store, so that it overflows as often. */
const LIMIT = Math.min(100_000, Math.floor(ISSUES / 10))
const ADDRESSES = [1, 50, 1000]
/** So many sessions among all attackers: express-session keeps each for ever, and that is not what is measured here. */
const SESSIONS = 3000
/**
 * What is bounded, in MB. The store may hold its records, about 50 at its default limit, and whatever else a busy site keeps:
 * so much more may be in use in the end than before. And from the moment that the store has overflowed, the process may not
 * grow any more, but for what the garbage collector leaves lying about.
 */
const MOST_KEPT = 80
const MOST_GROWTH = 100

const megabytes = (of: 'rss' | 'heapUsed'): number => Math.round(process.memoryUsage()[of] / 2 ** 20)

/** Geetest's cloud without a network: it answers at once, so that the plugin and its store are what is measured. */
const standIn: AxiosLike = {
  request(config) {
    const { url, data = '' } = config as { url: string; data?: string }
    const seccode = new URLSearchParams(data).get('seccode')
    const answer = url.includes('/register.php')
      ? { challenge: randomBytes(16).toString('hex') }
      : { seccode: createHash('md5').update(String(seccode)).digest('hex') }
    return Promise.resolve({ status: 200, data: JSON.stringify(answer) })
  },
}

async function site(store: MemoryStore): Promise<{ port: number; close: () => void }> {
  const captcha = geetest({
    captchaId: 'f100d0000000000000000000000f100d',
    privateKey: KEY,
    apiServer: 'http://127.0.0.1:1',
    http: standIn,
    store,
  })
  const app = express().set('trust proxy', 'loopback')
  app.use(session({ secret: 'bench', resave: false, saveUninitialized: false }), captcha)
  app.post('/login', captcha.validate(), (_req, res) => void res.end())
  const server = app.listen(0, '127.0.0.1')
  // Honest visitors take their time, and are not to find their connection closed.
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close().closeAllConnections() }
}

interface Row {
  readonly moment: string
  readonly 'RSS in MB': number
  /** What is really in use shows where garbage has just been collected: before and after. */
  readonly 'heap in MB': number
  readonly 'tickets held': number
  readonly 'honest visitors': string
}

async function main(): Promise<void> {
  const collect = (globalThis as { gc?: () => void }).gc
  if (collect === undefined) throw new Error('write node --expose-gc, as npm run bench:flood does')
  const store = new MemoryStore({ limit: LIMIT })
  const { port, close } = await site(store)
  console.log(
    `${ISSUES} challenges, from ${ADDRESSES.join(', ')} addresses in turn, into a store of ${LIMIT}.\n` +
      `The attackers share ${SESSIONS} sessions, because express-session's own memory store would grow with every new one.\n`,
  )
  const rows: Row[] = []
  let tried = 0
  let passed = 0
  const note = (moment: string): void => {
    const row = {
      moment,
      'RSS in MB': megabytes('rss'),
      'heap in MB': megabytes('heapUsed'),
      'tickets held': store.size,
      'honest visitors': `${passed} of ${tried}`,
    }
    rows.push(row)
    console.log(
      `${moment}: ${row['RSS in MB']} MB, ${store.size} tickets, ${row['honest visitors']} honest visitors passed`,
    )
  }

  const settings: CrowdSettings = { port, issues: ISSUES, limit: LIMIT, addresses: ADDRESSES, sessions: SESSIONS }
  const crowd = fork(join(__dirname, 'flood-crowd.ts'), [JSON.stringify(settings)])
  crowd.on('message', (news: News) => {
    if (news.kind === 'ready') collect()
    if (news.kind === 'honest') {
      tried += 1
      passed += news.passed ? 1 : 0
      if (!news.passed) console.log(`an honest visitor was answered ${news.status}`)
    } else note(news.moment)
  })
  const [code] = (await once(crowd, 'exit')) as [number | null]
  close()
  collect()
  note('after, garbage collected')

  console.table(rows)
  const verdicts: [boolean, string][] = [
    [code === 0, 'the crowd got an answer of 200 to every request'],
    [tried > 0 && passed === tried, `all ${tried} honest visitors passed`],
    ...bounds(rows),
  ]
  for (const [good, words] of verdicts) console.log(`${good ? 'yes' : 'NO '}  ${words}`)
  process.exit(verdicts.every(([good]) => good) ? 0 : 1)
}

/** Whether memory was bounded, by the rows from before to after. */
function bounds(rows: readonly Row[]): [boolean, string][] {
  const kept = (rows.at(-1)?.['heap in MB'] ?? NaN) - (rows[0]?.['heap in MB'] ?? NaN)
  const overflowed = rows.slice(2).map((row) => row['RSS in MB'])
  const growth = Math.max(...overflowed) - (overflowed[0] ?? NaN)
  return [
    [rows.every((row) => row['tickets held'] <= LIMIT), `never more than ${LIMIT} tickets`],
    [kept <= MOST_KEPT, `at most ${MOST_KEPT} MB more in use in the end than before (it was ${kept})`],
    [growth <= MOST_GROWTH, `RSS grew by at most ${MOST_GROWTH} MB after the store had overflowed (it was ${growth})`],
  ]
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
