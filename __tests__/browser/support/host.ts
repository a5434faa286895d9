import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers one request. */
export type Route = (response: ServerResponse, query: URLSearchParams, request: IncomingMessage) => void

/** A small server on loopback, in place of a page's own site or of a host of the cloud. */
export interface Host {
  /** `127.0.0.1:port` */
  readonly name: string
  readonly origin: string
  /** Paths of all requests, in order. */
  readonly asked: string[]
  /** Answers for these paths from now on. */
  serve(routes: Record<string, Route>): void
  stop(): Promise<void>
}

export async function startHost(routes: Record<string, Route> = {}): Promise<Host> {
  const table = new Map(Object.entries(routes))
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host')
    asked.push(url.pathname)
    const route = table.get(url.pathname) ?? status(404)
    route(response, url.searchParams, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    name,
    origin: `http://${name}`,
    asked,
    serve: (more) => Object.entries(more).forEach(([path, route]) => table.set(path, route)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** To be called within a `describe`: starts hosts that stop after the test that they were started in. */
export function hostsForEachTest(): typeof startHost {
  const hosts: Host[] = []
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((started) => started.stop()))
  })
  return async (routes) => {
    const started = await startHost(routes)
    hosts.push(started)
    return started
  }
}

const send =
  (type: string, body: string, headers: Record<string, string> = {}): Route =>
  (response) =>
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, ...headers }).end(body)

export const script = (body: string): Route => send('text/javascript', body)
export const html = (body: string, headers?: Record<string, string>): Route => send('text/html', body, headers)

/** Answers like a JSONP service. */
export const jsonp =
  (data: unknown): Route =>
  (response, query) =>
    response
      .writeHead(200, { 'Content-Type': 'text/javascript' })
      .end(`${query.get('callback')}(${JSON.stringify(data)})`)

export const status =
  (code: number): Route =>
  (response) =>
    response.writeHead(code, { 'Content-Type': 'text/plain' }).end('no')

/** Accepts and never answers. */
export const hang: Route = () => {}

/** Closes the connection without a word. */
export const refuse: Route = (response) => response.destroy()

/** Holds the answer back until `release` is called. */
export function held(route: Route): Route & { release: () => void } {
  const waiting: Array<() => void> = []
  return Object.assign<Route, { release: () => void }>((...request) => void waiting.push(() => route(...request)), {
    release: () => waiting.splice(0).forEach((answer) => answer()),
  })
}
