import type { Reply } from './faults'
import type { CaptchaEvent, Ledger } from './ledger'
import type { Puzzles } from './puzzle'
import type { SimulatedRequest } from './request'

/** Where the widget's script is served; the last two are what loaders hard-code for offline mode (protocol 4.1). */
export const SCRIPTS = [
  '/static/js/simulator.js',
  '/static/js/fullpage.0.0.0.js',
  '/static/js/geetest.0.0.0.js',
] as const

/** What an endpoint for browsers answers: data, bare or with a status beside it, or one of the documented errors (protocol 1.8). */
type Outcome = { readonly status: 'success'; readonly data: object } | Bare | Refusal
/** The second part of the widget, the puzzle, is answered without a status. */
interface Bare {
  readonly status?: never
}
interface Refusal {
  readonly status: 'error'
  readonly error: string
  readonly error_code: `error_${string}`
}

const success = (data: object): Outcome => ({ status: 'success', data })
const bare = (data: object): Bare => data
const refuse = (code: string, error: string): Refusal => ({ status: 'error', error, error_code: `error_${code}` })

const unsolved =
  (act: (event: CaptchaEvent, challenge: string) => Outcome) => (event: CaptchaEvent, challenge: string) =>
    event.solved ? refuse('02', 'the challenge is solved already') : act(event, challenge)

/** The calls of the loader and the widget, all by JSONP (protocol 4.1, 4.4). */
export function createBrowserApi(
  ledger: Ledger,
  puzzles: Puzzles,
  isAccount: (gt: string) => boolean,
  wantsPuzzle: boolean,
) {
  /** Runs `act` on the live event that the call is about. */
  function withEvent({ params }: SimulatedRequest, act: (event: CaptchaEvent, challenge: string) => Outcome): Outcome {
    const { gt = '', challenge = '' } = params
    if (!isAccount(gt)) return refuse('31', 'there is no such captcha id')
    const event = ledger.find(challenge)
    if (event === undefined || event.gt !== gt) return refuse('23', 'there is no such challenge')
    return act(event, challenge)
  }

  /** The answer to the puzzle: its challenge has two characters more than the one that was registered. */
  function judge(event: CaptchaEvent, challenge: string, w: string | undefined): Outcome {
    const { x, passtime = 0 } = readTrack(w)
    const outcome = puzzles.attempt(event, x)
    if (outcome === 'too many') return refuse('12', 'tried too often')
    if (outcome === 'miss') return bare({ success: 0, message: 'fail' })
    const { validate } = ledger.solve(event, challenge)
    return bare({ success: 1, message: 'success', validate, score: String(Math.round(Number(passtime) / 200)) })
  }

  /** What is asked of a visitor who has pressed the bar. */
  function check(event: CaptchaEvent): Outcome {
    if (wantsPuzzle) return success({ result: 'slide' })
    const { validate } = ledger.solve(event, event.challenge)
    return success({ result: 'success', validate, score: '1' })
  }

  return {
    gettype: ({ params: { gt = '' }, host }: SimulatedRequest) =>
      isAccount(gt)
        ? success({
            type: 'fullpage',
            static_servers: [`${host}/`],
            fullpage: SCRIPTS[0],
            slide: SCRIPTS[0],
            api_server: host,
          })
        : refuse('31', 'there is no such captcha id'),

    /** Twice by each widget: for the bar, and with `is_next` for the puzzle. */
    get: (request: SimulatedRequest) =>
      withEvent(
        request,
        unsolved((event) =>
          request.params.is_next === undefined
            ? success({ theme: 'wind', theme_version: '1.5.8', feedback: '', logo: true })
            : bare(puzzles.start(event)),
        ),
      ),

    refresh: (request: SimulatedRequest) =>
      withEvent(
        request,
        unsolved((event) => {
          const puzzle = puzzles.refresh(event)
          return puzzle ? bare(puzzle) : refuse('01', 'refreshed too often')
        }),
      ),

    reset: (request: SimulatedRequest) =>
      withEvent(request, (event) => success({ challenge: ledger.reset(event).challenge })),

    /** Twice likewise: whether a puzzle is wanted, and whether it is solved. */
    ajax: (request: SimulatedRequest) =>
      withEvent(
        request,
        unsolved((event, challenge) =>
          challenge === event.challenge ? check(event) : judge(event, challenge, request.params.w),
        ),
      ),
  } satisfies Record<string, (request: SimulatedRequest) => Outcome>
}

/** What the widget says of a try. */
export function readTrack(w = ''): { x?: unknown; passtime?: unknown } {
  try {
    const track: unknown = JSON.parse(w)
    return typeof track === 'object' && track !== null ? track : {}
  } catch {
    return {}
  }
}

export const isCallback = (name: string): boolean => /^[\w$.]{1,64}$/.test(name)

/**
 * JSONP, or the object in parentheses where no callback is named. A callback that is no plain name is refused, and the
 * comment in front keeps the answer from being taken for anything but a script (attack 25 of the list).
 */
export function jsonp(callback: string | undefined, outcome: object): Reply {
  if (callback !== undefined && !isCallback(callback)) {
    return { status: 400, type: 'text/plain', body: 'callback must be a plain name' }
  }
  return { status: 200, type: 'text/javascript', body: `/**/${callback ?? ''}(${JSON.stringify(outcome)})` }
}
