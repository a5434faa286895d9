// The crowd of flood.ts: attackers who ask for challenges as fast as they get them, and honest visitors in between.
import { createHash } from 'node:crypto'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'

/** The site's private key: the crowd has no widget, and computes what a solved one would send. */
export const KEY = 'the-key-of-the-flooded-site'

export interface CrowdSettings {
  readonly port: number
  /** Challenges in all. */
  readonly issues: number
  /** How many tickets the store holds. */
  readonly limit: number
  /** From how many addresses the attackers come, one after another. */
  readonly addresses: readonly number[]
  /** How many sessions they have. */
  readonly sessions: number
}

/** What the crowd tells the site's process. */
export type News =
  | { readonly kind: 'ready' | 'progress'; readonly moment: string }
  | { readonly kind: 'honest'; readonly passed: boolean; readonly status: number }

const SOCKETS = 32
/** Requests on their way in each. */
const PIPELINE = 8
/** Honest visitors while the attackers come from one number of addresses. */
const HONEST = 100
const REPORT_EVERY = 10

const tell = (news: News): void => void process.send?.(news)
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const address = (block: number, i: number): string => `10.${block}.${i >> 8}.${i & 255}`

const agent = new Agent({ keepAlive: true, maxSockets: 8 })

/** One request of somebody who takes their time. */
function call(port: number, method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; cookie: string; text: string }>((resolve, reject) => {
    const req = request({ agent, port, host: '127.0.0.1', method, path, headers }, (res) => {
      let text = ''
      res.on('data', (chunk: Buffer) => (text += chunk.toString()))
      res.once('end', () => {
        const [cookie = ''] = res.headers['set-cookie'] ?? []
        resolve({ status: res.statusCode ?? 0, cookie: cookie.split(';')[0] ?? '', text })
      })
    })
    req.once('error', reject).end(body)
  })
}

/** Fetches a challenge; the returned function posts the right answer to it. */
async function visit(port: number, from: string): Promise<() => Promise<void>> {
  const { cookie, text } = await call(port, 'GET', '/getcaptcha', { 'X-Forwarded-For': from })
  const { challenge } = JSON.parse(text) as { challenge: string }
  const validate = md5(`${KEY}geetest${challenge}`)
  const fields = { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
  return async () => {
    const headers = { 'X-Forwarded-For': from, Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' }
    const { status } = await call(port, 'POST', '/login', headers, new URLSearchParams(fields).toString())
    tell({ kind: 'honest', passed: status === 200, status })
  }
}

/** Hears answers in a stream of them, also where a chunk ends in the middle of one's first line. */
function countAnswers(): (chunk: Buffer) => { answers: number; bad?: string } {
  let tail = ''
  return (chunk) => {
    const text = tail + chunk.toString('latin1')
    const starts = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)]
    // Shorter than what was looked for, so that nothing is counted twice.
    tail = text.slice(-11)
    const bad = starts.find(([, status]) => status !== '200')
    return { answers: starts.length, ...(bad && { bad: text.slice(bad.index, bad.index + 300) }) }
  }
}

/** Asks for `count` challenges in a number of sockets, and calls back after each answer. */
function flood(port: number, count: number, requestOf: (i: number) => string, answered: (sum: number) => void) {
  let sent = 0
  let done = 0
  const more = (socket: Socket, wanted: number): void => {
    let text = ''
    for (let i = 0; i < wanted && sent < count; i++) text += requestOf(sent++)
    if (text !== '') socket.write(text, 'latin1')
  }
  return new Promise<void>((resolve, reject) => {
    for (let i = 0; i < SOCKETS; i++) {
      const hear = countAnswers()
      const socket = connect(port, '127.0.0.1', () => more(socket, PIPELINE))
      socket.on('error', reject).on('data', (chunk: Buffer) => {
        const { answers, bad } = hear(chunk)
        if (bad !== undefined) return reject(new Error(`an attacker was answered ${bad}`))
        for (let one = 0; one < answers; one++) answered(++done)
        more(socket, answers)
        if (done === count) resolve()
      })
    }
  })
}

async function main(): Promise<void> {
  const { port, issues, limit, addresses, sessions } = JSON.parse(String(process.argv[2])) as CrowdSettings
  const cookies: string[] = []
  for (let i = 0; i < sessions; i += 100) {
    const made = Array.from({ length: 100 }, () =>
      call(port, 'GET', '/getcaptcha', { 'X-Forwarded-For': address(0, 0) }),
    )
    for (const { cookie } of await Promise.all(made)) cookies.push(cookie)
  }
  tell({ kind: 'ready', moment: 'before' })

  const every = issues / REPORT_EVERY
  // With room to spare for what was under way when the visitor got the challenge.
  const patience = limit + 2 * SOCKETS * PIPELINE
  let before = 0
  for (const [block, count] of addresses.entries()) {
    const each = Math.floor((issues - before) / (addresses.length - block))
    const errands: Promise<void>[] = []
    const waiting: { at: number; post: () => Promise<void> }[] = []
    const step = Math.floor((each - patience) / (HONEST + 1))
    const requestOf = (i: number): string =>
      `GET /getcaptcha HTTP/1.1\r\nHost: site.example\r\nX-Forwarded-For: ${address(block + 1, i % count)}\r\n` +
      `Cookie: ${cookies[i % cookies.length]}\r\n\r\n`
    await flood(port, each, requestOf, (sum) => {
      if (sum % step === 0 && sum / step <= HONEST) {
        const visitor = visit(port, address(200 + block, sum / step))
        errands.push(visitor.then((post) => void waiting.push({ at: sum, post })))
      }
      while (waiting[0] !== undefined && sum - waiting[0].at > patience) errands.push(waiting.shift()!.post())
      if ((before + sum) % every === 0)
        tell({ kind: 'progress', moment: `${before + sum} issues, now from ${count} address${count > 1 ? 'es' : ''}` })
    })
    before += each
    await Promise.all(errands)
  }
  // After the last of the news has left; the sockets go with the process.
  process.send?.({ kind: 'progress', moment: 'the crowd has gone' } satisfies News, undefined, undefined, () => {
    process.exit(0)
  })
}

if (process.argv[2] !== undefined) {
  main().catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
}
