import { Axios, create, type AxiosRequestConfig } from 'axios'
import { createAdapter, timedOut } from './adapter'

/** The one method of an axios instance that is used; accepted structurally, so that any axios 1 fits. */
export interface AxiosLike {
  request(config: object): Promise<{ status: number; data: unknown }>
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

/** What came back, or why nothing usable did. */
export type Reply =
  | { readonly status: number; readonly text: string; readonly retryAfter?: number }
  | { readonly failed: 'timeout' | 'network' | 'busy' }

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
/** So much later than its deadline, in milliseconds, a call ends only where this process was stalled. */
const STALL_MS = 250

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/**
 * Sends over axios, bounded in time and size whatever the instance's own settings and interceptors do: one deadline for
 * the whole call (name look-up, connection and body included), no redirects, at most 8 KiB of reply, at most 256 calls
 * at once, and the reply as text, unparsed.
 *
 * @param timeout milliseconds for the whole call
 */
export function axiosSender(http: AxiosLike | HttpSettings, timeout: number): Send {
  const ask = isPlain(http) ? lean(timeout) : bounded(isAxios(http) ? http : withSettings(http), timeout)
  let underWay = 0
  return async (call) => {
    if (underWay >= MAX_CALLS) return { failed: 'busy' }
    underWay += 1
    const begun = performance.now()
    try {
      const { status, data } = await ask(call)
      return { status, text: typeof data === 'string' ? data : '' }
    } catch (error) {
      // A timer that rings late is this process's own delay; the reply may lie unread.
      if (performance.now() - begun > timeout + STALL_MS) return { failed: 'busy' }
      return { failed: isTimeout(error) ? 'timeout' : 'network' }
    } finally {
      underWay -= 1
    }
  }
}

type Ask = (call: Call) => Promise<{ status: number; data: unknown }>

/** Neither an instance nor a setting that takes axios's own adapter. */
const isPlain = (http: AxiosLike | HttpSettings): boolean =>
  !isAxios(http) && !http.proxy && http.httpAgent === undefined && http.httpsAgent === undefined

/** An axios of ours, without the defaults that nothing here needs: our adapter keeps every bound by itself. */
function lean(timeout: number): Ask {
  const instance = new Axios({ adapter: createAdapter({ timeout, maxReply: MAX_REPLY }) })
  return (call) => instance.request(addressed(call))
}

const withSettings = (http: HttpSettings): AxiosLike =>
  create({ ...(http as AxiosRequestConfig), proxy: http.proxy ?? false })

/** An axios of which nothing is known. */
function bounded(instance: AxiosLike, timeout: number): Ask {
  const bounds = {
    timeout,
    maxRedirects: 0,
    maxContentLength: MAX_REPLY,
    responseType: 'text',
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  }
  return async (call) => {
    const signal = AbortSignal.timeout(timeout)
    const config = { ...addressed(call), ...bounds, ...(call.method === 'POST' && { headers: FORM }), signal }
    try {
      return await Promise.race([instance.request(config), aborted(signal)])
    } catch (error) {
      throw signal.aborted ? timedOut() : error
    }
  }
}

function addressed({ method, url, params }: Call): object {
  const form = new URLSearchParams(params).toString()
  return method === 'GET' ? { method, url: `${url}?${form}` } : { method, url, data: form }
}

/** An interceptor that waits knows nothing of the signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(timedOut()), { once: true })
  })
}

/** Whether this is an instance with requests of its own, and not settings for ours. */
export const isAxios = (http: object): http is AxiosLike => 'request' in http && typeof http.request === 'function'

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT')
}
