import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { createBrowserApi, jsonp, SCRIPTS } from './browser-api'
import type { ActiveFault } from './fault-board'
import { spoil, type Endpoint, type Reply } from './faults'
import type { Ledger } from './ledger'
import type { Puzzles } from './puzzle'
import { readRequest, type Call, type SimulatedRequest } from './request'
import { bypassStatus, register, validate } from './server-api'
import { createBrowserApiV4, GCT_PATH, SCRIPT_V4 } from './v4/browser-api'
import type { Lots } from './v4/lots'
import { createServerApi } from './v4/server-api'

export interface HandlerParts {
  readonly ledger: Ledger
  readonly puzzles: Puzzles
  /** Of version 4. */
  readonly lots: Lots
  /** Captcha ids and their private keys. */
  readonly accounts: ReadonlyMap<string, string>
  /** The scripts of the widgets, of version 3 and of version 4. */
  readonly scripts: { readonly v3: string; readonly v4: string }
  /** Whether version 3 asks visitors for a puzzle. */
  readonly puzzle: boolean
  /** What `/load` answers beside everything else. */
  readonly load: Readonly<Record<string, unknown>>
  readonly meetFault: (endpoint: Endpoint) => ActiveFault | undefined
  readonly log: (call: Call) => void
  readonly now: () => number
}

/** @param healthy whether the reply will reach the site as it is; what it never learns, the cloud does not count */
type Respond = (request: SimulatedRequest, healthy: boolean) => Reply

/** The whole cloud as one `node:http` request handler. */
export function createHandler(parts: HandlerParts): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const routes = routeTable(parts)
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = await readRequest(req)
    const [endpoint, respond] = routes.get(request.path) ?? (['unknown', notFound] as const)
    const fault = endpoint === 'unknown' ? undefined : parts.meetFault(endpoint)
    parts.log({ ...request, endpoint, at: parts.now(), ...(fault && { fault: fault.kind }) })
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'refuse') return void req.socket.destroy()
    if (fault?.kind === 'slow') await wait(fault.delay, undefined, { ref: false })
    if (req.socket.destroyed) return
    const healthy = fault === undefined || fault.kind === 'slow'
    const reply = respond(request, healthy)
    if (fault?.kind === 'reset') return breakOff(res, reply)
    if (fault?.kind === 'drip') return drip(res, reply)
    send(res, fault ? spoil(fault.kind, reply, fault) : reply)
  }
  // A request that cannot be read, or a visitor who has gone.
  return (req, res) => answer(req, res).catch(() => void res.destroy())
}

type Routes = [path: string, [Endpoint, Respond]][]

const routeTable = (parts: HandlerParts): Map<string, [Endpoint, Respond]> =>
  new Map([...routesOfV3(parts), ...routesOfV4(parts)])

const script =
  (body: string): Respond =>
  () => ({ status: 200, type: 'text/javascript', body })

function routesOfV3({ ledger, puzzles, accounts, scripts, puzzle }: HandlerParts): Routes {
  const browser = createBrowserApi(ledger, puzzles, (gt) => accounts.has(gt), puzzle)
  const byJsonp =
    (call: keyof typeof browser): Respond =>
    (request) =>
      jsonp(request.params.callback, browser[call](request))
  return [
    ['/register.php', ['register', ({ params }) => register(ledger, params)]],
    ['/validate.php', ['validate', ({ params }, healthy) => validate(ledger, params, healthy)]],
    ['/v1/bypass_status.php', ['bypass', bypassStatus]],
    ['/gettype.php', ['gettype', byJsonp('gettype')]],
    ['/get.php', ['get', byJsonp('get')]],
    ['/ajax.php', ['ajax', byJsonp('ajax')]],
    ['/refresh.php', ['refresh', byJsonp('refresh')]],
    ['/reset.php', ['reset', byJsonp('reset')]],
    ...SCRIPTS.map((path): Routes[number] => [path, ['static', script(scripts.v3)]]),
  ]
}

function routesOfV4({ lots, puzzles, accounts, scripts, load: settings }: HandlerParts): Routes {
  const { load, verify } = createBrowserApiV4(lots, puzzles, (id) => accounts.has(id), settings)
  const server = createServerApi(lots, accounts)
  return [
    ['/load', ['load', load]],
    ['/verify', ['verify', verify]],
    ['/validate', ['validate4', ({ params }, healthy) => server.validate(params, healthy)]],
    [SCRIPT_V4, ['static', script(scripts.v4)]],
    [GCT_PATH, ['static', script('/* the simulator looks at nobody */')]],
  ]
}

const notFound: Respond = ({ path }) => ({ status: 404, type: 'text/plain', body: `the simulator has no ${path}` })

function send(res: ServerResponse, { status, type, body, headers }: Reply): void {
  res.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  })
  res.end(body)
}

/** Promises the whole body, sends half of it, and resets the connection. */
function breakOff(res: ServerResponse, { status, type, body }: Reply): void {
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) })
  res.write(body.slice(0, body.length / 2), () => res.socket?.resetAndDestroy())
}

/** The right answer, a character every tenth of a second: alive by every idle timer, and of no use to anyone. */
async function drip(res: ServerResponse, { status, type, body }: Reply): Promise<void> {
  res.writeHead(status, { 'Content-Type': type })
  for (const character of body) {
    if (res.destroyed) return
    res.write(character)
    await wait(100, undefined, { ref: false })
  }
  res.end()
}
