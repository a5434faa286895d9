import type { IncomingMessage } from 'node:http'
import type { Endpoint } from './faults'

/** A request, read. */
export interface SimulatedRequest {
  readonly method: string
  readonly path: string
  /** Query and form together; the form wins, and the last of equal names. */
  readonly params: Readonly<Record<string, string>>
  /** The simulator's own address as this client wrote it: what a browser must load the scripts from. */
  readonly host: string
}

/** One line of the call log. */
export interface Call extends SimulatedRequest {
  readonly endpoint: Endpoint | 'unknown'
  /** When it came, in ms since 1970. */
  readonly at: number
  /** The fault that it met. */
  readonly fault?: string
}

/** Far above any call of any SDK; more is not read. */
const MAX_FORM = 65_536

export async function readRequest(req: IncomingMessage): Promise<SimulatedRequest> {
  const url = new URL(req.url ?? '/', 'http://simulator')
  const form = await readForm(req)
  const params = Object.fromEntries([...url.searchParams, ...new URLSearchParams(form)])
  return { method: req.method ?? 'GET', path: url.pathname, params, host: safeHost(req.headers.host) }
}

async function readForm(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_FORM) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The Host header goes back into a script, so nothing but a host may be in it. */
function safeHost(host = ''): string {
  return /^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'
}
