import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express, Request } from 'express'

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
    app(req, res)
  }).listen(0, '127.0.0.1')
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
