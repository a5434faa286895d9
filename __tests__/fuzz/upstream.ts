import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { md5 } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import type { CloudPlan, Fault } from './faults'
import { NEAR_MISSES, type CloudReply } from './near'
import { NEAR_MISSES_V4 } from './near-v4'

/** One site's cloud: the simulator, and what its calls meet before it. */
export interface Cloud {
  readonly url: string
  /** The challenges and lots, by their first 32 characters, about which the cloud was kept from its right answer. */
  readonly spoiled: ReadonlySet<string>
  detach(): void
}

/** A server in front of any number of simulators: each under a path of its own, with faults of its own. */
export interface Upstream {
  attach(simulator: Simulator, plan: CloudPlan): Cloud
  readonly server: Server
}

type Handler = (req: IncomingMessage, res: ServerResponse) => void

export async function openUpstream(): Promise<Upstream> {
  const clouds = new Map<string, Handler>()
  let made = 0
  const server = createServer((req, res) => {
    const [, id = '', rest = ''] = /^\/(\w+)(.*)$/.exec(req.url ?? '') ?? []
    req.url = rest
    const handler = clouds.get(id)
    if (handler) handler(req, res)
    else res.destroy() // its site has gone
  }).listen(0, '127.0.0.1')
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    server,
    attach(simulator, plan) {
      const id = `c${++made}`
      const spoiled = new Set<string>()
      clouds.set(id, inFrontOf(simulator, plan, spoiled))
      return { url: `${origin}/${id}`, spoiled, detach: () => void clouds.delete(id) }
    },
  }
}

function inFrontOf(simulator: Simulator, plan: CloudPlan, spoiled: Set<string>): Handler {
  let calls = 0
  return (req, res) => {
    const fault = plan.faults[calls++]
    if (!fault) return void simulator.handler(req, res)
    readForm(req)
      .then((form) => {
        spoiled.add(String(form.get('challenge') ?? form.get('lot_number')).slice(0, 32))
        misbehave(res, fault, form)
      })
      .catch(() => void res.destroy())
  }
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let form = ''
  for await (const chunk of req) form += String(chunk)
  return new URLSearchParams(form)
}

function misbehave(res: ServerResponse, fault: Fault, form: URLSearchParams): void {
  switch (fault.fault) {
    case 'near':
      return reply(res, nearOf(fault, form))
    case 'answer':
      return void res.writeHead(fault.status, fault.headers).end(fault.body)
    case 'half':
      res.writeHead(200, { 'Content-Length': 100 })
      return void res.write('{"seccode":"', () => res.destroy())
    case 'huge':
      return void res.end('0'.repeat(100_000))
    case 'break':
      return void res.destroy()
    case 'hang':
      // Never; the site hangs up.
      return
  }
}

function nearOf({ miss, miss4 }: Extract<Fault, { fault: 'near' }>, form: URLSearchParams): CloudReply {
  const [lot, seccode] = [form.get('lot_number'), form.get('seccode')]
  if (lot !== null) return NEAR_MISSES_V4[miss4](lot)
  return seccode === null
    ? NEAR_MISSES[miss](randomBytes(16).toString('hex'), 'challenge')
    : NEAR_MISSES[miss](md5(seccode), 'seccode')
}

function reply(res: ServerResponse, { status, headers, body }: CloudReply): void {
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body)
}
