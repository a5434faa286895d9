import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { md5 } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import type { CloudPlan, Fault } from './faults'
import { NEAR_MISSES, type CloudReply } from './near'
import { NEAR_MISSES_V4 } from './near-v4'
import type { World } from '../support/world'
import type { Scene, Scenes } from './scenes'
import { createSky, SILENCE_MS, type Sky } from './weather'

/** One site's cloud: the simulator, and what its calls meet before it. */
export interface Cloud {
  /** Where a scene finds it. */
  url(scene: Scene): string
  readonly sky: Sky
  /** Calls that it is at work on; one that it keeps silent about is none. */
  readonly working: number
  /** The challenges and lots, by their first 32 characters, about which the cloud was kept from its right answer. */
  readonly spoiled: ReadonlySet<string>
  detach(): void
}

/** A server in front of any number of simulators: each under a path of its own, with faults of its own. */
export interface Upstream {
  attach(simulator: Simulator, plan: CloudPlan, scenes: Scenes, world: World): Cloud
  readonly server: Server
}

type Handler = (req: IncomingMessage, res: ServerResponse, scene: Scene) => void

export async function openUpstream(): Promise<Upstream> {
  const clouds = new Map<string, Handler>()
  let made = 0
  const server = createServer((req, res) => {
    const [, id = '', scene, rest = ''] = /^\/(\w+)\/(\w+)(.*)$/.exec(req.url ?? '') ?? []
    req.url = rest
    const handler = clouds.get(id)
    if (handler) handler(req, res, scene as Scene)
    else res.destroy() // its site has gone
  }).listen(0, '127.0.0.1')
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    server,
    attach(simulator, plan, scenes, world) {
      const id = `c${++made}`
      const sky = createSky(plan.weather, scenes, world)
      const front = inFrontOf({ simulator, plan, sky, world })
      clouds.set(id, front.handler)
      return {
        url: (scene) => `${origin}/${id}/${scene}`,
        sky,
        get working() {
          return front.working.size
        },
        spoiled: front.spoiled,
        detach: () => void clouds.delete(id),
      }
    },
  }
}

interface FrontParts {
  readonly simulator: Simulator
  readonly plan: CloudPlan
  readonly sky: Sky
  readonly world: World
}

function inFrontOf({ simulator, plan, sky, world }: FrontParts) {
  const spoiled = new Set<string>()
  const working = new Set<ServerResponse>()
  let calls = 0

  function keepSilent(res: ServerResponse): void {
    working.delete(res)
    world.later(SILENCE_MS, () => res.destroy())
  }

  const handler: Handler = (req, res, scene) => {
    working.add(res)
    res.once('close', () => working.delete(res))
    const weather = sky.meets(scene, req.url ?? '')
    const fault = weather ?? plan.faults[calls++]
    if (!fault) return void simulator.handler(req, res)
    readForm(req)
      .then((form) => {
        if (weather && !isNobodys(form)) sky.lose(scene)
        spoiled.add(String(form.get('challenge') ?? form.get('lot_number')).slice(0, 32))
        if (fault.fault === 'silence') keepSilent(res)
        else misbehave(res, fault, form)
      })
      .catch(() => void res.destroy())
  }
  return { handler, spoiled, working }
}

/** The site looks for itself, with an answer that no visitor has made. */
const isNobodys = (form: URLSearchParams): boolean => /^0{32}/.test(form.get('seccode') ?? form.get('lot_number') ?? '')

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
    case 'silence':
      // Never; whoever asked hangs up.
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
