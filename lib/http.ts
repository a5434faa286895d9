import { create, type AxiosRequestConfig } from 'axios'

/** The one method of an axios instance that is used; accepted structurally, so that any axios 1 fits. */
export interface AxiosLike {
  request(config: object): Promise<{ status: number; data: unknown }>
}

/** Settings for the axios instance that is made when none is given. */
export interface HttpSettings {
  /** An outbound proxy as axios takes it. Default `false`: the environment's proxy variables are not read. */
  readonly proxy?:
    false | { protocol?: string; host: string; port: number; auth?: { username: string; password: string } }
  /** A `node:http` agent, for the simulator or a plain-http private cloud. */
  readonly httpAgent?: object
  /** A `node:https` agent: own certificates, or a proxy agent. */
  readonly httpsAgent?: object
}

/** What came back, or why nothing usable did. */
export type Reply = { readonly status: number; readonly text: string } | { readonly failed: 'timeout' | 'network' }

export interface Call {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly params: Readonly<Record<string, string>>
}

/** The network: one call, one reply, never an exception. */
export type Send = (call: Call) => Promise<Reply>

/** A real answer of register.php or validate.php is below 100 bytes; anything beyond this is not one. */
const MAX_REPLY = 8192

/**
 * Sends over axios, bounded in time and size whatever the instance's own settings say: one deadline for the whole call
 * (name look-up, connection and body included), no redirects, at most 8 KiB of reply, and the reply as text, unparsed.
 *
 * @param timeout milliseconds for the whole call
 */
export function axiosSender(http: AxiosLike | HttpSettings, timeout: number): Send {
  const instance: AxiosLike = 'request' in http ? http : create({ proxy: false, ...(http as AxiosRequestConfig) })
  return async ({ method, url, params }) => {
    const signal = AbortSignal.timeout(timeout)
    const form = new URLSearchParams(params).toString()
    try {
      const { status, data } = await instance.request({
        method,
        ...(method === 'GET'
          ? { url: `${url}?${form}` }
          : { url, data: form, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
        signal,
        timeout,
        maxRedirects: 0,
        maxContentLength: MAX_REPLY,
        responseType: 'text',
        transformResponse: [(body: unknown) => body],
        validateStatus: () => true,
      })
      return { status, text: typeof data === 'string' ? data : '' }
    } catch (error) {
      return { failed: signal.aborted || isTimeout(error) ? 'timeout' : 'network' }
    }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT')
}
