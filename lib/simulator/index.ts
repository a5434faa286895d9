import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { createFaultBoard, type FaultOptions } from './fault-board'
import { faults, type Fault } from './faults'
import { createHandler } from './handler'
import { createLedger, resets, type CaptchaEvent, type Ledger, type Reset } from './ledger'
import { createPort } from './port'
import { createPuzzles } from './puzzle'
import type { Call } from './request'
import { createLots, type AnswerFieldsV4, type Lot, type Lots } from './v4/lots'
import { asVersion, checkOneOf, widgets, widgetsV4, type WidgetName, type WidgetNameV4 } from './widgets'

export { faults }
export type { AnswerFieldsV4, Call, CaptchaEvent, Fault, FaultOptions, Lot, Reset, WidgetName, WidgetNameV4 }
export type { Endpoint } from './faults'

/** Options of `createSimulator`. */
export interface SimulatorOptions {
  /** The captcha id that the simulator knows. Default: made up. 32 hexadecimal digits. */
  readonly captchaId?: string
  /** Its private key. Default: made up. */
  readonly privateKey?: string
  /** More ids and their keys, for apps with several scenes. */
  readonly accounts?: Readonly<Record<string, string>>
  /** The simulator lets everyone pass who asks; under NODE_ENV=production it starts only with `true` here. */
  readonly allowInProduction?: boolean
  /**
   * Which of the vendor's widgets of version 3 the one in the page behaves like: in the methods that its object has, the order of
   * its events, and what does not work in it. Default `'fullpage-9.0.9'`, the strictest.
   */
  readonly widget?: WidgetName
  /** The same of version 4. Default `'gcaptcha4-2024'`. */
  readonly widgetV4?: WidgetNameV4
  /**
   * What a widget of version 3 goes on with after `captcha.reset()`: `'another'` challenge, which the site has never seen, or
   * the `'same'` one. Default `'another'`, as sites must expect it.
   */
  readonly resetGives?: Reset
  /**
   * Whether version 3 asks visitors for a puzzle. `false`: a press on the bar passes at once, as the cloud lets visitors whom it
   * trusts. Default true.
   */
  readonly puzzle?: boolean
  /**
   * What `/load` of version 4 answers beside everything else, by the vendor's names, such as `{ language: 'eng', logo: false }`:
   * an account's settings, which win over those of the page. Default: nothing.
   */
  readonly load?: Readonly<Record<string, unknown>>
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number
  /** Randomness. Default `crypto.randomBytes`. */
  readonly random?: (size: number) => Buffer
}

/** The three fields that a solved captcha puts into a form. */
export interface AnswerFields {
  readonly geetest_challenge: string
  readonly geetest_validate: string
  readonly geetest_seccode: string
}

/** Geetest's cloud on loopback, of version 3 and of version 4: for tests, for demos, for rehearsing an outage. */
export interface Simulator {
  readonly captchaId: string
  readonly privateKey: string
  /** The origin to give as `apiServer`. Throws before `start`. */
  readonly url: string
  /** Listens on 127.0.0.1. @param port default 0: any free one */
  start(port?: number): Promise<void>
  /** Stops listening and drops every connection, hanging ones too. */
  stop(): Promise<void>
  /** The same as a plain `node:http` handler, to be mounted elsewhere. */
  readonly handler: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  /**
   * The right answer to a challenge, as if a visitor had solved it.
   * @param options `slide: true` answers with two characters more, as the slide type does
   */
  answer(challenge: string, options?: { slide?: boolean }): AnswerFields
  /**
   * What reset.php gives for a challenge, as if the page had called `captcha.reset()`: the challenge that is answered next. An
   * answer to the one before is worth nothing any more.
   */
  reset(challenge: string): string
  /**
   * The right answer of version 4, as if a visitor had loaded the captcha and solved it; the captcha id beside the four
   * fields.
   * @param options `lotNumber`: of a captcha that a browser has loaded. `captchaId`: of another account. Default: a new
   * captcha of the first account
   */
  answerV4(options?: { lotNumber?: string; captchaId?: string }): AnswerFieldsV4
  /**
   * Makes the cloud misbehave until `fault('none')`. Await it: `refuse` without an endpoint closes the port, and
   * switching it off opens the same port again.
   */
  fault(kind: Fault | 'none', options?: FaultOptions): Promise<void>
  /** Every call since the start or the last `forget`, oldest first; the last 10,000 are kept. */
  readonly calls: readonly Call[]
  /** Empties the log of calls. */
  forget(): void
  /** What the cloud knows: every live challenge, who solved it, and whether it was redeemed. */
  readonly events: readonly CaptchaEvent[]
  /** The same of version 4: every captcha that was loaded in the last ten minutes. */
  readonly lots: readonly Lot[]
  /** What loggers get of it, `inspect` too: id and address. The key, and the answers in its calls, are there by name only. */
  toJSON(): { readonly captchaId: string; readonly url?: string }
}

const MOST_CALLS = 10_000

/** @throws Error under NODE_ENV=production without `allowInProduction`, and for an id or key that cannot be one */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  checkObject('createSimulator(options)', options)
  const { now = Date.now, random = randomBytes, allowInProduction = false } = options
  refuseProduction(allowInProduction)
  const { captchaId = random(16).toString('hex'), privateKey = random(16).toString('hex') } = options
  const accounts = new Map([[captchaId, privateKey], ...Object.entries(options.accounts ?? {})])
  for (const id of accounts.keys()) checkId(id)
  const { widget = widgets[0], widgetV4 = widgetsV4[0], resetGives = resets[0], puzzle = true, load = {} } = options
  checkOneOf('widget', widget, widgets)
  checkOneOf('widgetV4', widgetV4, widgetsV4)
  checkOneOf('resetGives', resetGives, resets)

  const ledger = createLedger({ accounts, now, random, resetGives })
  const lots = createLots({ now, random })
  const board = createFaultBoard()
  const calls: Call[] = []
  const handler = createHandler({
    ledger,
    puzzles: createPuzzles(random),
    lots,
    accounts,
    scripts: { v3: asVersion(built('widget.js'), widget), v4: asVersion(built('widget4.js'), widgetV4) },
    puzzle,
    load,
    meetFault: (endpoint) => board.meet(endpoint),
    log: (call) => {
      if (calls.push(call) > MOST_CALLS) calls.shift()
    },
    now,
  })
  const port = createPort((req, res) => void handler(req, res))
  const shown = (): ReturnType<Simulator['toJSON']> => ({ captchaId, ...(port.isOpen && { url: port.url }) })

  const simulator: Simulator = {
    captchaId,
    privateKey,
    handler,
    start: (number = 0) => port.open(number),
    stop: () => port.close(),
    get url() {
      return port.url
    },
    answer(challenge, of = {}) {
      checkChallenge('answer', challenge)
      checkObject('simulator.answer(challenge, options)', of)
      return fields(ledger, challenge, of.slide ?? false)
    },
    reset(challenge) {
      checkChallenge('reset', challenge)
      return ledger.reset(eventOf(ledger, challenge)).challenge
    },
    answerV4(of = {}) {
      checkObject('simulator.answerV4(options)', of)
      const { lotNumber, captchaId: id = captchaId } = of
      if (!accounts.has(id))
        throw new Error(`simulator: there is no account ${JSON.stringify(id)}; write one of accounts`)
      return lots.solve(lotOf(lots, lotNumber, id))
    },
    async fault(kind, where = {}) {
      checkObject('simulator.fault(kind, options)', where)
      const closed = kind === 'refuse' && where.endpoint === undefined
      board.set(closed ? 'none' : kind, where)
      await port.refuse(closed)
    },
    calls,
    forget: () => void calls.splice(0),
    get events() {
      return ledger.events
    },
    get lots() {
      return lots.lots.filter((lot) => lots.isAlive(lot))
    },
    toJSON: shown,
  }
  return Object.assign(simulator, { [inspect.custom]: () => `Simulator ${inspect(shown())}` })
}

/** What `npm run build` makes of widget/, by name; required, so that whoever bundles this has it in the bundle. */
const built = (file: 'widget.js' | 'widget4.js'): string =>
  (require('../../dist/simulator/widgets.json') as Record<typeof file, string>)[file]

function refuseProduction(allowed: unknown): void {
  // Exactly that: out of an environment the word `false` would be as good as true.
  if (process.env.NODE_ENV !== 'production' || allowed === true) return
  throw new Error(
    'simulator: NODE_ENV is production, where it would let everyone in; use the real cloud, ' +
      'or createSimulator({ allowInProduction: true }) if this really is a test',
  )
}

function checkId(id: unknown): void {
  if (typeof id === 'string' && /^[0-9a-f]{32}$/i.test(id)) return
  throw new Error(
    `simulator: captcha id ${JSON.stringify(id)} cannot be one; write 32 hexadecimal digits, or leave it out`,
  )
}

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`
}

/** What an answer of the site is made of is handed over by mistake as often as its challenge. */
function checkChallenge(name: string, challenge: unknown): void {
  if (typeof challenge === 'string') return
  throw new TypeError(
    `simulator.${name}(challenge): challenge is ${kindOf(challenge)}; write simulator.${name}(body.challenge), body being what ` +
      'GET /getcaptcha answered with status 200',
  )
}

function checkObject(what: string, options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return
  throw new TypeError(`${what}: options is ${kindOf(options)}; write an object, or leave it out`)
}

function eventOf(ledger: Ledger, challenge: string): CaptchaEvent {
  const event = ledger.find(challenge)
  if (event !== undefined) return event
  throw new Error(
    `simulator: there is no live challenge ${JSON.stringify(challenge)}; it takes one that was registered here in the ` +
      'last ten minutes (an answer of GET /getcaptcha with success 1)',
  )
}

function fields(ledger: Ledger, challenge: string, slide: boolean): AnswerFields {
  const event = eventOf(ledger, challenge)
  const ended = slide && challenge === event.challenge ? `${challenge}a7` : challenge
  const solved = event.solved ?? ledger.solve(event, ended)
  return {
    geetest_challenge: solved.challenge,
    geetest_validate: solved.validate,
    geetest_seccode: solved.seccode,
  }
}

function lotOf(lots: Lots, lotNumber: string | undefined, captchaId: string): Lot {
  if (lotNumber === undefined) return lots.load({ captcha_id: captchaId })
  const lot = lots.find(lotNumber)
  if (lot !== undefined && lots.isAlive(lot)) return lot
  throw new Error(
    `simulator: there is no live lot_number ${JSON.stringify(lotNumber)}; it takes one that /load gave in the last ten ` +
      'minutes, or none for a captcha of its own',
  )
}
