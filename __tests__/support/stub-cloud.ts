import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the stub answers next: a status and a body, or a broken connection. */
export type StubReply = { readonly status: number; readonly body: string } | { readonly error: string }

export interface StubCloud {
  readonly url: string
  reply: StubReply
  /** Every request: method, path with query, and body. */
  readonly requests: { method: string; url: string; body: string }[]
}

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()))

/** A cloud without any logic, for the vectors: it answers what it is told and remembers what it was asked. */
export async function stubCloud(): Promise<StubCloud> {
  const requests: StubCloud['requests'] = []
  const stub = { url: '', reply: { status: 200, body: '' } as StubReply, requests }
  const server = createServer({ keepAliveTimeout: 60_000 }, async (req, res) => {
    let body = ''
    for await (const chunk of req) body += String(chunk)
    requests.push({ method: String(req.method), url: String(req.url), body })
    if ('error' in stub.reply) return void res.destroy()
    res.writeHead(stub.reply.status).end(stub.reply.body)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return stub
}
