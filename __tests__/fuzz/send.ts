import { request, type Agent, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'

/** One request, before it is sent. */
export interface Outgoing {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | Uint8Array
}

export interface Answered {
  readonly status: number
  /** `Set-Cookie`. */
  readonly cookies: readonly string[]
}

/** So long a request may take before it counts as hung, in milliseconds; many times what the slowest needs on a machine that is busy. */
export const PATIENCE = 60_000

/** Sends it as a client does. */
export function send(agent: Agent, port: number, { method, path, headers, body }: Outgoing): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const req = request({ agent, port, host: '127.0.0.1', method, path, timeout: PATIENCE }, (res: IncomingMessage) => {
      res.resume()
      res.once('close', () => resolve({ status: res.statusCode ?? 0, cookies: res.headers['set-cookie'] ?? [] }))
    })
    req.once('error', (error) => reject(new Error(`${method} ${path}: ${String(error)}`)))
    req.once('timeout', () => req.destroy(new Error('no answer')))
    for (const [name, value] of headers) req.setHeader(name, value)
    if (body.length > 0) req.setHeader('Content-Length', Buffer.byteLength(body))
    req.end(body)
  })
}

/** The bytes of a request, a character each. */
export function rawText({ method, path, headers, body }: Outgoing): string {
  const lines = [...headers, ['Content-Length', String(Buffer.byteLength(body))]].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const head = `${method} ${path} HTTP/1.1\r\nHost: site.example\r\n${lines.join('')}\r\n`
  return head + Buffer.from(body).toString('latin1')
}

/**
 * Writes bytes into a socket and hangs up when that many answers have begun; at once where none is sure to come. What the
 * site makes of it is seen there.
 */
export function sendRaw(port: number, text: string, answers: number | 'reset'): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(PATIENCE, () => reject(new Error(`no answer to ${JSON.stringify(text)}`)))
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1')
      if ((heard.match(/HTTP\/1\.1 [2-5]\d\d/g) ?? []).length >= Number(answers)) socket.end()
    })
    socket.once('close', () => {
      if (heard.includes('HTTP/1.1 500')) reject(new Error(`500 to ${JSON.stringify(text)}`))
      else resolve()
    })
    socket.write(text, 'latin1', () => answers === 'reset' && socket.resetAndDestroy())
    if (answers === 0) socket.end()
  })
}
