import { once } from 'node:events'
import { Agent, createServer, request, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A site as seen from its socket: what politer clients refuse to send goes through, and connections are kept. */
export interface Wire {
  send(method: string, path: string, headers?: Record<string, string>, body?: string | Buffer): Promise<Answered>
  /** The three fields, or whatever stands for them, as JSON. */
  post(path: string, fields: unknown, headers?: Record<string, string>): Promise<Answered>
  /** Writes these bytes to a connection of its own and no more, and gives what came until the other side closed it. */
  raw(bytes: string): Promise<string>
}

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()))

/** Listens on loopback until the tests are over. */
export async function wireTo(app: RequestListener): Promise<Wire> {
  const server = createServer(app).listen(0, '127.0.0.1')
  // A connection that is kept may not be closed in the moment in which it is used again, however slow the machine is.
  server.keepAliveTimeout = 0
  servers.push(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })

  function send(method: string, path: string, headers = {}, body: string | Buffer = ''): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const length = body.length > 0 ? { 'Content-Length': Buffer.byteLength(body) } : {}
      const sent = request(
        { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } },
        (res) => {
          let text = ''
          res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          res
            .on('end', () => resolve({ status: Number(res.statusCode), headers: res.headers, text }))
            .on('error', reject)
        },
      )
      sent.on('error', reject).end(body)
    })
  }

  return {
    send,
    post: (path, fields, headers = {}) =>
      send('POST', path, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(fields)),
    async raw(bytes) {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      // A server that has seen enough may reset the connection.
      const closed = new Promise((resolve) => void socket.on('error', () => undefined).on('close', resolve))
      socket.end(bytes)
      await closed
      return text
    },
  }
}

/** The session cookie of an answer, as the next request sends it. */
export const cookieOf = ({ headers }: Answered): { Cookie: string } => ({
  Cookie: String(headers['set-cookie']?.[0]?.split(';')[0]),
})

/** Works through the list, so many at a time, over and over. */
export async function inBatches<T, R>(list: readonly T[], size: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let at = 0; at < list.length; at += size) done.push(...(await Promise.all(list.slice(at, at + size).map(act))))
  return done
}
