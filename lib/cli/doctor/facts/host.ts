import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express, Request, RequestHandler, Response } from 'express'
import { asOwn } from '../../held-back'

/** The user's app on a port of loopback, and a look at what it makes of requests. */
export interface Host {
  readonly url: string
  /** The last request, with everything that the app has put on it. */
  readonly last: Request | undefined
  /** Whether the app shall believe that TLS ends in this process. */
  encrypted: boolean
  close(): Promise<void>
}

export async function startHost(app: Express): Promise<Host> {
  let last: Request | undefined
  const server = createServer((req, res) => {
    last = req as Request
    if (host.encrypted) Object.defineProperty(req.socket, 'encrypted', { value: true })
    // What Express does last of all is to print stack traces.
    const handle = app as unknown as RequestHandler
    void handle(req as Request, res as unknown as Response, (error?: unknown) => finish(res, error))
  })
  asOwn(server).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    encrypted: false,
    get last() {
      return last
    },
    async close() {
      const closed = once(server, 'close')
      server.close().closeAllConnections()
      await closed
    },
  }
  return host
}

/** What Express answers where nobody else does, in the error's own words: the doctor alone reads them. */
function finish(res: ServerResponse, error: unknown): void {
  if (res.headersSent) return void res.destroy()
  const { status, message, headers } = (error ?? { status: 404, message: 'Not found' }) as {
    readonly status?: unknown
    readonly message?: unknown
    readonly headers?: Record<string, string>
  }
  const isError = typeof status === 'number' && status >= 400 && status < 600
  res.writeHead(isError ? status : 500, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' })
  res.end(String(message ?? error))
}
