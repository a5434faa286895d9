import { randomInt, randomUUID } from 'node:crypto'
import { request, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { AnswerFields } from 'express-geetest/simulator'
import type { Life, Nodes } from '../nodes'

/** One request, before it is answered. */
export interface Asked {
  readonly id: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly fields?: AnswerFields | undefined
}

/** What came of a request. */
export interface Reply {
  readonly status: number
  /**
   * `ok`, or the code of a denial. `killed`: the server process was killed over it. `connection`: the connection broke
   * for no such reason. `no reply`: within ten seconds.
   */
  readonly outcome: string
  readonly body: Readonly<Record<string, unknown>>
  readonly node: number
  readonly begun: number
  readonly ended: number
}

/** A visitor's browser: it keeps cookies, and a balancer sends each of its requests to a random node. */
export interface Browser {
  /** The id of its session, once it has one. */
  readonly session: string | undefined
  send(asked: Asked): Promise<Reply>
}

const PATIENCE_MS = 10_000

export const requestId = (): string => randomUUID()

const randomAddress = (): string => ['10', randomInt(256), randomInt(256), randomInt(1, 255)].join('.')

/** @param address where the visitor comes from; default: anywhere */
export function openBrowser(nodes: Pick<Nodes, 'lives'>, address = randomAddress()): Browser {
  let cookie: string | undefined

  async function send(asked: Asked): Promise<Reply> {
    const begun = Date.now()
    for (;;) {
      const life = nodes.lives[randomInt(Math.max(nodes.lives.length, 1))]
      const reply = life && (await exchange(life, asked, { cookie, address }))
      // Nobody is listening there: a balancer tries the next.
      if (reply === undefined || reply === 'refused') await wait(20)
      else {
        cookie = reply.cookie ?? cookie
        return { ...reply, node: life?.node ?? 0, begun, ended: Date.now() }
      }
    }
  }

  return {
    send,
    get session() {
      return cookie === undefined ? undefined : /=s(?:%3A|:)([^.]+)\./.exec(cookie)?.[1]
    },
  }
}

type Exchanged = Pick<Reply, 'status' | 'outcome' | 'body'> & { readonly cookie?: string | undefined }

function exchange(
  life: Life,
  { id, method, path, fields }: Asked,
  { cookie, address }: { cookie: string | undefined; address: string },
): Promise<Exchanged | 'refused'> {
  const form = fields && new URLSearchParams({ ...fields }).toString()
  const headers = {
    accept: 'application/json',
    'x-request-id': id,
    'x-forwarded-for': address,
    ...(cookie && { cookie }),
    ...(form && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }),
  }
  const { port, agent } = life
  return new Promise((resolve) => {
    const nothing = (outcome: string): void => resolve({ status: 0, outcome, body: {} })
    const sent = request({ host: '127.0.0.1', port, agent, method, path, headers, timeout: PATIENCE_MS })
    sent.once('timeout', () => {
      nothing('no reply')
      sent.destroy()
    })
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') return resolve('refused')
      nothing(life.killed ? 'killed' : 'connection')
    })
    sent.once('response', (response) => {
      read(response).then(resolve, () => nothing(life.killed ? 'killed' : 'connection'))
    })
    sent.end(form)
  })
}

async function read(response: IncomingMessage): Promise<Exchanged> {
  let text = ''
  for await (const chunk of response) text += String(chunk)
  const { statusCode: status = 0, headers } = response
  const body = parse(text)
  const outcome = typeof body.code === 'string' ? body.code : status === 200 ? 'ok' : `status ${status}`
  return { status, outcome, body, cookie: headers['set-cookie']?.[0]?.split(';')[0] }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text || '{}') as Record<string, unknown>
  } catch {
    return { code: 'no JSON' }
  }
}
