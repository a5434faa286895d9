import { parse } from 'node:querystring'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Success } from '../../lib/captcha'
import type { Scene } from './scenes'

/** What the site saw of one request when its answer left; the client may have gone by then. */
export interface Exchange {
  readonly path: string
  /** When the request came, by the site's clock. */
  readonly came: number
  readonly session: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
  readonly status: number
  readonly text: string
  /** What a guard said, if the request went past one. */
  readonly opened?: { readonly scene: Scene; readonly strict: boolean; readonly verdict: Success | undefined }
}

/** A site, and what it has seen. */
export interface Site {
  readonly app: RequestListener
  readonly now: () => number
  readonly seen: Exchange[]
  /** Requests that it has not answered yet. */
  readonly open: Set<ServerResponse>
}

/** Where the sites of one run live, one after another. */
export interface House {
  readonly server: Server
  readonly port: number
  site: Site
}

export async function buildHouse(): Promise<House> {
  const server = createServer((req, res) => {
    const { site } = house
    watch(site, req, res)
    site.app(req, res)
  }).listen(0, '127.0.0.1')
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const house: House = { server, port, site: { app: express(), now: Date.now, seen: [], open: new Set() } }
  return house
}

/** Ends servers and whatever is connected to them. */
export async function closeAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    const closed = once(server, 'close')
    server.close().closeAllConnections()
    await closed
  }
}

type Writing = (...args: unknown[]) => unknown
type Watched = IncomingMessage & { sessionID?: string; body?: unknown; opened?: Exchange['opened'] }

/** What the body says by its own type, also where a parser has left it as a text. */
function fieldsOf({ body, headers }: Watched): Record<string, unknown> {
  if (typeof body === 'object' && body !== null) return { ...body }
  if (typeof body !== 'string') return {}
  if (/urlencoded/i.test(headers['content-type'] ?? '')) return { ...parse(body) }
  try {
    return { ...(JSON.parse(body) as object) }
  } catch {
    return {}
  }
}

/** Notes what is answered, at the last moment before it is written. */
function watch({ seen, open, now }: Site, req: Watched, res: ServerResponse): void {
  const path = (req.url ?? '').replace(/^\w+:\/\/[^/]*/, '').split('?')[0] ?? ''
  const came = now()
  const write = res.write.bind(res) as Writing
  const end = res.end.bind(res) as Writing
  let text = ''
  const hear = (chunk: unknown): void => {
    if (typeof chunk === 'string' || (Buffer.isBuffer(chunk) && (res.statusCode >= 400 || !path.includes('.js'))))
      text += chunk.toString()
  }
  open.add(res)
  // Half a script is all that a visitor wants who has gone.
  if (path.includes('.js')) res.once('close', () => open.delete(res))
  res.write = (chunk: unknown, ...rest: unknown[]) => {
    hear(chunk)
    return write(chunk, ...rest) as boolean
  }
  res.end = (chunk?: unknown, ...rest: unknown[]) => {
    hear(chunk)
    Object.assign(res, { write, end })
    open.delete(res)
    const fields = fieldsOf(req)
    const { sessionID: session, opened } = req
    seen.push({ path, came, session, fields, status: res.statusCode, text, ...(opened && { opened }) })
    return end(chunk, ...rest) as ServerResponse
  }
}
