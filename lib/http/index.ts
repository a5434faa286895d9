import type * as Axios from 'axios'
import { createAdapter, type Ask as Addressed } from './adapter'
import { startDeadline, taken } from './deadline'
import { failureOf, type Failed } from './failure'
import { pool } from './gauge'
import { retryAfterOf } from './retry-after'

export { isFailed } from './failure'

/** The one method of an axios instance that is used; accepted structurally, so that any axios 1 fits. */
export interface AxiosLike {
  request(config: object): Promise<Response>
}

interface Response {
  readonly status: number
  readonly data: unknown
  readonly headers?: unknown
}

/** An outbound proxy, as axios takes it. */
export interface HttpProxy {
  readonly protocol?: string
  readonly host: string
  readonly port: number
  readonly auth?: { readonly username: string; readonly password: string }
}

/** Settings for the axios instance that is made when none is given. */
export interface HttpSettings {
  /** An outbound proxy as axios takes it. Default `false`: the environment's proxy variables are not read. */
  readonly proxy?: false | HttpProxy | undefined
  /** A `node:http` agent, for the simulator or a plain-http private cloud. */
  readonly httpAgent?: object | undefined
  /** A `node:https` agent: own certificates, or a proxy agent. */
  readonly httpsAgent?: object | undefined
}

/**
 * What came back, or why nothing usable did. `busy`: this machine is why, so that nobody knows how the other side is.
 * `retryAfter`: milliseconds that the other side asks for before the next call, 60,000 at most.
 */
export type Reply = { readonly status: number; readonly text: string; readonly retryAfter?: number } | Failed

export interface Call {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly params: Readonly<Record<string, string>>
}

/** The network: one call, one reply, never an exception. */
export type Send = (call: Call) => Promise<Reply>

/** A real answer of register.php or validate.php is below 100 bytes; anything beyond this is not one. */
const MAX_REPLY = 8192
/** Calls under way at once. Beyond it a flood would use up this machine's sockets, and look like an outage of the cloud. */
export const MAX_CALLS = 256
/** How many times its deadline a call may take where this process is what is late: a visitor waits for it. */
const PATIENCE = 2
/** The same where nobody waits: a process with a quarter of its time left still finds out. */
export const LONG_PATIENCE = 4

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/**
 * Sends, over an axios where one is wanted, bounded in time and size whatever the instance's own settings and interceptors do: one deadline for
 * the whole call (name look-up, connection and body included), no redirects, at most 8 KiB of reply, at most 256 calls
 * at once, and the reply as text, unparsed.
 *
 * @param timeout milliseconds for the whole call; what this process itself takes away of them is given back
 * @param patience how many times `timeout` it may be in all
 */
export function axiosSender(http: AxiosLike | HttpSettings, timeout: number, patience = PATIENCE): Send {
  const time = { timeout, patience }
  const ask = isPlain(http) ? lean(time) : bounded(isAxios(http) ? http : withSettings(http), time)
  let underWay = 0
  return async (call) => {
    if (underWay >= MAX_CALLS) return { failed: 'busy' }
    underWay += 1
    const takenThen = taken()
    try {
      return replyOf(await ask(call))
    } catch (error) {
      return failureOf(error, taken() - takenThen)
    } finally {
      underWay -= 1
    }
  }
}

function replyOf({ status, data, headers }: Response): Reply {
  const retryAfter = retryAfterOf(headers, Date.now())
  return { status, text: typeof data === 'string' ? data : '', ...(retryAfter !== undefined && { retryAfter }) }
}

type Ask = (call: Call) => Promise<Response>
type Time = { readonly timeout: number; readonly patience: number }

/** Neither an instance nor a setting that takes an axios. */
const isPlain = (http: AxiosLike | HttpSettings): boolean =>
  !isAxios(http) && !http.proxy && http.httpAgent === undefined && http.httpsAgent === undefined

/** Without an axios: our adapter keeps every bound by itself. */
function lean(time: Time): Ask {
  const ask = createAdapter({ ...time, maxReply: MAX_REPLY })
  return (call) => ask(addressed(call))
}

/** Loaded here alone: whoever needs none shall not pay for it, and may put another in its place (`jest.mock('axios')`). */
function withSettings(http: HttpSettings): AxiosLike {
  const axios = require('axios') as typeof Axios
  return axios.create({ ...(http as Axios.AxiosRequestConfig), proxy: http.proxy ?? false })
}

/** An axios of which nothing is known. */
function bounded(instance: AxiosLike, time: Time): Ask {
  const bounds = {
    // The deadline below is the one that counts.
    timeout: time.timeout * time.patience + 1000,
    maxRedirects: 0,
    maxContentLength: MAX_REPLY,
    responseType: 'text',
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  }
  return (call) =>
    new Promise((resolve, reject) => {
      const controller = new AbortController()
      // Its agents look names up by themselves, and nobody knows when.
      const unwatch = pool.watch()
      const end = startDeadline({
        ...time,
        expire(error) {
          // An interceptor that waits knows nothing of the signal.
          reject(error)
          unwatch()
          controller.abort()
        },
      })
      const { signal } = controller
      const config = { ...addressed(call), ...bounds, ...(call.method === 'POST' && { headers: FORM }), signal }
      ask(instance, config)
        .finally(() => {
          end()
          unwatch()
        })
        .then(resolve, reject)
    })
}

/** An instance that throws at once has failed as one that rejects. */
const ask = async (instance: AxiosLike, config: object): Promise<Response> => instance.request(config)

function addressed({ method, url, params }: Call): Addressed {
  const form = new URLSearchParams(params).toString()
  return method === 'GET' ? { method, url: `${url}?${form}` } : { method, url, data: form }
}

/** Whether this is an instance with requests of its own, and not settings for ours. */
export const isAxios = (http: object): http is AxiosLike => 'request' in http && typeof http.request === 'function'
