// As objects, whose members are looked up at each call: mocks, tracing and proxies put their own in the place of `request`, whenever they load.
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { startDeadline, type DeadlineParts } from './deadline'
import { createLookup } from './lookup'

/**
 * Kept-alive sockets that nobody used for so long are closed, in milliseconds: before servers do it, which commonly wait 5
 * seconds or more, and sooner where the server says so itself (`Keep-Alive: timeout`).
 */
const IDLE_MS = 4000

const lookup = createLookup()
const kept = { keepAlive: true, timeout: IDLE_MS, lookup }
const plain = { over: http, agent: new http.Agent(kept) }
const secure = { over: https, agent: new https.Agent(kept) }

/** Compressed replies are not asked for: they could be of any size once they are unpacked. */
const HEADERS = { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'express-geetest' }
const FORM_HEADERS = { ...HEADERS, 'Content-Type': 'application/x-www-form-urlencoded' }

/** One request: a form that is sent, or none. */
export interface Ask {
  readonly method: string
  readonly url: string
  readonly data?: string
}

/** As much of a reply as anybody reads. */
export interface Answer {
  readonly status: number
  readonly data: string
  readonly headers: { readonly 'retry-after'?: string }
}

/** What bounds a call; its time is for everything: name look-up, connection, and the last byte of the reply. */
export interface Limits extends Omit<DeadlineParts, 'expire'> {
  /** Most bytes of a reply. */
  readonly maxReply: number
}

/**
 * Calls straight over `node:http` and `node:https`, for forms that are sent and short answers as text: within its limits, without
 * redirects, and with nothing unpacked. It knows no proxies; axios does.
 */
export const createAdapter =
  ({ maxReply, ...time }: Limits): ((ask: Ask) => Promise<Answer>) =>
  (ask) =>
    new Promise((resolve, reject) => {
      let req: ClientRequest
      let over = false

      function end(): void {
        over = true
        endDeadline()
      }

      function fail(error: Error): void {
        end()
        reject(error)
        req.destroy()
      }

      function answer(res: IncomingMessage, text: string): void {
        end()
        resolve(answerOf(res, text))
      }

      function send(fresh: boolean): void {
        req = open(ask, fresh)
        req.once('response', (res) => {
          if (!isPacked(res)) return read(res, maxReply, (text) => answer(res, text), fail)
          answer(res, '')
          res.destroy()
        })
        // Whoever changes the protocol will not answer in this one.
        req.once('upgrade', (_res, socket) => {
          socket.destroy()
          fail(new Error('the reply changes the protocol'))
        })
        req.on('error', (error) => (!over && isStale(req, error) ? send(true) : fail(error)))
        req.end(ask.data)
      }

      send(false)
      const endDeadline = startDeadline({ ...time, expire: fail })
    })

/** @param fresh over a connection that was not used before */
function open({ method, url, data }: Ask, fresh: boolean): ClientRequest {
  const { over, agent } = url.startsWith('https:') ? secure : plain
  const headers = data === undefined ? HEADERS : { ...FORM_HEADERS, 'Content-Length': Buffer.byteLength(data) }
  return over.request(url, { method, headers, agent: fresh ? false : agent, lookup })
}

/**
 * Whether the server had closed an idle connection just when it was used again. A GET is sent once more then; what was posted
 * may have arrived, and must not do so twice.
 */
const isStale = ({ method, reusedSocket }: ClientRequest, { code }: NodeJS.ErrnoException): boolean =>
  method === 'GET' && reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')

const isPacked = ({ headers }: IncomingMessage): boolean =>
  !['', 'identity'].includes(headers['content-encoding']?.toLowerCase() ?? '')

/** Gathers the reply; `fail` where it is too long or breaks off. */
function read(res: IncomingMessage, most: number, done: (text: string) => void, fail: (error: Error) => void): void {
  const parts: Buffer[] = []
  let size = 0
  res.on('data', (part: Buffer) => {
    parts.push(part)
    size += part.length
    if (size > most) fail(new Error(`the reply is longer than ${most} bytes`))
  })
  res.once('end', () => done(Buffer.concat(parts).toString()))
  res.once('error', fail)
}

/** Of the headers one is read. */
function answerOf(res: IncomingMessage, data: string): Answer {
  const retryAfter = res.headers['retry-after']
  return {
    status: Number(res.statusCode),
    data,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  }
}
