import { createHash, randomBytes } from 'node:crypto'
import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import type { GeetestOptions } from '../../../lib'
import { site } from '../../support/site'
import type { World } from '../../support/world'

/** What a visitor got, and after how many milliseconds of the clock that stands still by itself. */
export interface Got {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Record<string, unknown>
  readonly ms: number
}

/** A call that has reached the cloud. */
export interface CloudCall {
  readonly url: string
  readonly at: number
  readonly params: URLSearchParams
  /** Answers as a cloud does that is well; after so many milliseconds. */
  serve(ms?: number): void
  answer(status: number, data?: string, headers?: Record<string, string>): void
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** The fake clock for crowds: a timer costs the same however many there are. Rings by whole milliseconds. */
function busyWorld(): World {
  const bells = new Map<number, Set<() => void>>()
  let waiting = 0
  const world: World = {
    time: 1_000_000,
    now: () => world.time,
    random: randomBytes,
    get waiting() {
      return waiting
    },
    later(ms, act) {
      const at = Math.max(world.time + 1, Math.ceil(world.time + ms))
      const bell = bells.get(at) ?? new Set()
      const ring = (): void => act()
      bells.set(at, bell.add(ring))
      waiting += 1
      return () => {
        if (bell.delete(ring)) waiting -= 1
      }
    },
    advance(ms) {
      for (const end = world.time + ms; world.time < end;) {
        world.time += 1
        const bell = bells.get(world.time)
        for (const ring of bell ?? []) {
          bell?.delete(ring)
          waiting -= 1
          ring()
        }
        bells.delete(world.time)
      }
    },
  }
  return world
}

/** Longer than any chain of ticks and immediates between a request and its answer, or its call to the cloud. */
const ROUNDS = 16

/**
 * A site on a clock of its own, with its cloud and all who ask it in one process and no socket between them: a minute of a flood takes as
 * long as its work does, and nothing depends on how fast the machine is.
 * @param cloud is given each call that reaches it
 */
export function virtualSite(options: Partial<GeetestOptions>, cloud: (call: CloudCall, world: World) => void) {
  const world = busyWorld()
  const request = (config: { url?: string; data?: string }): Promise<{ status: number; data: string }> =>
    new Promise((resolve) => {
      const { pathname, searchParams } = new URL(String(config.url))
      const params = new URLSearchParams([...searchParams, ...new URLSearchParams(config.data ?? '')])
      const answer: CloudCall['answer'] = (status, data = '', headers = {}) =>
        resolve(Object.assign({ status, data, headers }))
      const right = (): string => {
        if (pathname === '/register.php') return randomBytes(16).toString('hex')
        if (pathname === '/validate.php') return md5(String(params.get('seccode')))
        return JSON.stringify({ status: 'success', result: 'fail', reason: 'pass_token error' })
      }
      const serve = (ms = 0): void =>
        void (ms === 0 ? answer(200, right()) : world.later(ms, () => answer(200, right())))
      cloud({ url: pathname, at: world.now(), params, answer, serve }, world)
    })
  const keys = { captchaId: 'c'.repeat(32), privateKey: 'k' }
  const { app, captcha } = site({ ...keys, http: { request }, ...options }, world)

  function ask(method: 'GET' | 'POST', url: string, address: string, fields?: object, cookie?: string): Promise<Got> {
    const begun = world.now()
    const body = fields === undefined ? '' : JSON.stringify(fields)
    return new Promise((resolve) => {
      const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: address })
      const req = new IncomingMessage(socket)
      const headers = { host: 'site.test', ...(cookie && { cookie }) }
      Object.assign(req, {
        method,
        url,
        headers: body
          ? { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) }
          : headers,
      })
      if (body) req.push(body)
      req.push(null)
      const res = new ServerResponse(req)
      let text = ''
      const take = (chunk: unknown): void =>
        void (typeof chunk === 'string' || Buffer.isBuffer(chunk) ? (text += String(chunk)) : 0)
      Object.assign(res, {
        write: (chunk: unknown) => (take(chunk), true),
        end(chunk: unknown) {
          take(chunk)
          const ms = world.now() - begun
          resolve({
            status: res.statusCode,
            headers: res.getHeaders(),
            body: text.startsWith('{') ? JSON.parse(text) : {},
            ms,
          })
          return res
        },
      })
      app(req, res)
    })
  }

  /** Everything that can happen without time passing happens. */
  async function calm(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) await new Promise(setImmediate)
  }

  /** Lets time pass, in steps after which everything that it brought about has happened. */
  async function pass(ms: number, step = 10, each: () => void = () => undefined): Promise<void> {
    for (let gone = 0; gone < ms; gone += step) {
      each()
      await calm()
      world.advance(step)
    }
    await calm()
  }

  return {
    world,
    captcha,
    calm,
    pass,
    issue: (address: string, cookie?: string) => ask('GET', '/getcaptcha', address, undefined, cookie),
    login: (address: string, fields: object, cookie?: string) => ask('POST', '/login', address, fields, cookie),
  }
}

/** The session cookie of an answer, as the next request sends it. */
export const cookieIn = ({ headers }: Got): string => String([headers['set-cookie']].flat()[0]).split(';')[0] as string
