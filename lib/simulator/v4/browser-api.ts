import { isCallback, jsonp, readTrack } from '../browser-api'
import type { Reply } from '../faults'
import type { Puzzles } from '../puzzle'
import type { SimulatedRequest } from '../request'
import { idError, vendorError, type VendorError } from './errors'
import type { Lot, Lots } from './lots'

const STATIC_PATH = '/v4/static/simulator'
const WIDGET = '/js/gcaptcha4.js'

/** The script that the vendor loads beside its widget. */
export const GCT_PATH = '/v4/gct/gct4.js'
/** Where the widget's script is served. */
export const SCRIPT_V4 = STATIC_PATH + WIDGET

type Outcome = { readonly status: 'success'; readonly data: object } | VendorError

const success = (data: object): Outcome => ({ status: 'success', data })

/** The calls of the loader and the widget of version 4, by JSONP; /verify has a form of our own (protocol 7.3). */
export function createBrowserApiV4(
  lots: Lots,
  puzzles: Puzzles,
  isAccount: (id: string) => boolean,
  settings: Readonly<Record<string, unknown>>,
) {
  /** The unsolved lot that a widget goes on with, if it knows its secrets: another picture is no other lot. */
  function goOn({ captcha_id, lot_number, payload, process_token }: SimulatedRequest['params']): Lot | undefined {
    const lot = lots.find(lot_number ?? '')
    if (lot === undefined || lot.captchaId !== captcha_id || lot.solved || !lots.isAlive(lot)) return undefined
    return lot.payload === payload && lot.processToken === process_token ? lot : undefined
  }

  function load({ params, host }: SimulatedRequest): Outcome {
    const wrongId = idError(params.captcha_id, isAccount)
    if (wrongId) return wrongId
    if (!/^[\w-]{0,32}$/.test(params.risk_type ?? '')) return vendorError('-50001')
    const lot = goOn(params) ?? lots.load(params)
    const { width, height, gap, ypos, size, picture } = puzzles.start(lot)
    return success({
      type: 'slide',
      captcha_type: 'slide',
      static_servers: [`${host}/`],
      static_path: STATIC_PATH,
      js: WIDGET,
      gct_path: GCT_PATH,
      lot_number: lot.lotNumber,
      payload: lot.payload,
      process_token: lot.processToken,
      payload_protocol: 1,
      pow_detail: { version: '1', bits: 0, datetime: new Date(lot.loaded).toISOString(), hashfunc: 'md5' },
      guard: false,
      check_device: false,
      lang_reverse: false,
      ...(params.lang && { language: params.lang }),
      ...settings,
      puzzle: { width, height, gap, ypos, size, picture },
    })
  }

  /** The lot that a call is about, as long as it can be solved. */
  function open({ captcha_id, lot_number, payload, process_token }: SimulatedRequest['params']): Lot | VendorError {
    const wrongId = idError(captcha_id, isAccount)
    if (wrongId) return wrongId
    if (!lot_number) return vendorError('-50302')
    const lot = lots.find(lot_number)
    if (lot === undefined) return vendorError('-50303')
    if (lot.captchaId !== captcha_id) return vendorError('-50304')
    if (!lots.isAlive(lot)) return vendorError('-50305')
    if (lot.processToken !== process_token) return vendorError('-50306')
    if (lot.payload !== payload) return vendorError('-50307')
    return lot.solved ? vendorError('-50308') : lot
  }

  function verify({ params }: SimulatedRequest): Outcome {
    const lot = open(params)
    if ('code' in lot) return lot
    const { x, passtime = 0 } = readTrack(params.w)
    const outcome = puzzles.attempt(lot, x)
    if (outcome === 'too many') return vendorError('-50308')
    if (outcome === 'miss') {
      lot.failCount += 1
      return success({ lot_number: lot.lotNumber, result: 'fail', fail_count: lot.failCount })
    }
    const score = Math.round(Number(passtime) / 200)
    return success({ lot_number: lot.lotNumber, result: 'success', seccode: lots.solve(lot), score })
  }

  return { load: byJsonp(load), verify: byJsonp(verify) }
}

const byJsonp =
  (call: (request: SimulatedRequest) => Outcome) =>
  (request: SimulatedRequest): Reply => {
    const { callback } = request.params
    if (callback !== undefined && !isCallback(callback)) return jsonp(undefined, vendorError('-50004'))
    return jsonp(callback, call(request))
  }
