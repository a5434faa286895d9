/**
 * Types of the browser side of version 4: the loader `gt4.js` and the object that it hands to the page. Source of meanings
 * and defaults: the vendor's documentation of the web client.
 *
 * @example
 * import 'express-geetest/browser4'
 *
 * window.initGeetest4({ captchaId, product: 'float' }, (captcha) => captcha.appendTo('#captcha'))
 */
import type { GeetestTarget } from './gt'

/** How the captcha shows itself. */
export type GeetestProduct4 = 'float' | 'popup' | 'bind'

/** Language of the texts. */
export type GeetestLanguage4 =
  | 'zho'
  | 'eng'
  | 'zho-tw'
  | 'zho-hk'
  | 'udm'
  | 'jpn'
  | 'ind'
  | 'kor'
  | 'rus'
  | 'ara'
  | 'spa'
  | 'pon'
  | 'por'
  | 'fra'
  | 'deu'

/** First argument of `initGeetest4`. */
export interface GeetestConfig4 {
  /** The captcha id of the site: 32 characters. */
  captchaId: string
  /** Default: `float`. */
  product?: GeetestProduct4 | (string & {})
  /** Size of the button: numbers of pixels, or text with a unit. Default: `260px` and `50px`. */
  nativeButton?: { width?: string | number; height?: string | number }
  /** Scale of the widget. Default: 1. */
  rem?: number
  /** Default: that of the browser. */
  language?: GeetestLanguage4 | (string & {})
  /** `http://` or `https://`. Default: that of the page; `https://` on pages that have neither. */
  protocol?: 'http://' | 'https://' | (string & {})
  /** Forces https for every call. Default: false. */
  https?: boolean
  /**
   * Milliseconds for one request of the widget. Default: 30000. The loader passes a host over after 3000 at most where it is that host
   * that is silent and not the visitor's line; on a slow line it waits as long as this, from the host's latest sign of life, and never
   * more than 30000.
   */
  timeout?: number
  /** Buttons that are left out: `close`, `refresh`. Default: none. */
  hideBar?: string[]
  /** `outside`: a click beside the panel closes it, default true. `bgColor`: the cover behind it, default `#0000004d`. */
  mask?: { outside?: boolean; bgColor?: string }
  /** Hosts of the cloud, tried in order; port and path are fine. Default: the three of the vendor. */
  apiServers?: string[]
  /** Hosts of the scripts, tried in order. Default: those that the cloud names. */
  staticServers?: string[]
  /** Width of the opened puzzle. Default: as much as fits, at most 300 pixels. */
  nextWidth?: string | number
  /** Asks the cloud for this kind of puzzle. */
  riskType?: string | null
  /** Closes at once after success, without saying so. Default: false. */
  hideSuccess?: boolean
  /** What the site tells the cloud of the visitor: a text. Anything else is left out, as by the vendor's loader. */
  userInfo?: string
  /** `web` or `h5` for a phone. Default: by the browser. */
  clientType?: string
  /** Members that take the place of what `/load` answers. */
  debug?: { [name: string]: unknown }
  /** The name of this visit. Default: random. */
  challenge?: string
  /** Called when no host of the cloud answers, with the error (60100); nothing else happens then. Default: the site's own server is asked. */
  offlineCb?: (error: GeetestError4) => void
  /** Called when the captcha could not be loaded. Without it an Error is thrown. */
  onError?: (error: GeetestError4) => void
  /**
   * Ours: the address, with a slash at its end, under which the site has mounted express-geetest, and which is asked in an
   * outage. Default: where `gt4.js` itself came from; required where that cannot be told: in a bundle, in a module, where it is
   * evaluated, under another name. Without it `onError` says so at once (60204).
   */
  base?: string
  /**
   * Ours: what `/getcaptcha` has answered, where the page has asked it already. An outage that it tells of is taken as it is, without
   * waiting for the cloud.
   */
  issue?: { success: number; challenge: string }
  /** Path of the first call. Default: `/load`. */
  typePath?: string
}

/** What the server wants to see, by the names of the form fields. */
export interface GeetestValidate4 {
  captcha_id: string
  lot_number: string
  captcha_output: string
  pass_token: string
  gen_time: string
}

/** What `onError` receives. */
export interface GeetestError4 {
  /**
   * 60001 captcha id, 60002 appendTo, 60100 /load, 60101 /verify, 60204 and 60205 scripts, 60500 forbidden; the cloud's own
   * codes begin with `-50`.
   */
  code: string
  /** What happened, for people. */
  msg: string
  /** `detail`: what happened, for developers; `type`: the cloud's own word for it. */
  desc: { detail?: string; type?: string }
  /** The captcha that it happened to, where the widget of the cloud names it. */
  lot_number?: string
  /** There where time ran out: the network is slow, and nothing is blocked. */
  slow?: true
}

/** The captcha on the page. Every method that answers nothing else returns the object, so calls can be chained. */
export interface CaptchaObj4 {
  /** Draws the captcha inside the element. Nothing found: 60002. */
  appendTo(target: GeetestTarget): CaptchaObj4
  /** The fields, or false until the visitor has passed. */
  getValidate(): GeetestValidate4 | false
  /** Starts over, for instance after the server refused. */
  reset(): CaptchaObj4
  /** Opens the check (`bind`). Before `onReady` it opens as soon as possible; after a success it starts over. */
  showCaptcha(): CaptchaObj4
  /** The older name of `showCaptcha`. */
  showBox(): CaptchaObj4
  /** Whether the captcha does without the cloud. */
  isOffline(): boolean
  /** Tells the cloud more with the answer; in an outage nobody asks for it. */
  uploadExtraData(key: unknown, value?: unknown): void
  /** Takes the captcha off the page. Nothing happens afterwards. */
  destroy(): void
  /** The visitor can start. Delivered even if it happened before. */
  onReady(handler: (this: CaptchaObj4) => void): CaptchaObj4
  /** The puzzle can be solved. */
  onNextReady(handler: (this: CaptchaObj4) => void): CaptchaObj4
  /** The check has been opened. */
  onBoxShow(handler: (this: CaptchaObj4) => void): CaptchaObj4
  /** The visitor has passed; `getValidate` now has the fields. */
  onSuccess(handler: (this: CaptchaObj4) => void): CaptchaObj4
  /** One try was wrong. */
  onFail(handler: (this: CaptchaObj4, fail?: unknown) => void): CaptchaObj4
  /** Something broke: network, configuration, or an exception in a handler of the page. */
  onError(handler: (this: CaptchaObj4, error: GeetestError4) => void): CaptchaObj4
  /** The check was closed without being passed. */
  onClose(handler: (this: CaptchaObj4) => void): CaptchaObj4
}

/** The widget's constructor; the loader calls it with the completed configuration. */
export interface GeetestConstructor4 {
  new (config: GeetestConfig4): CaptchaObj4
}

/** Loads the captcha and hands it to `callback`. */
export type InitGeetest4 = (config: GeetestConfig4, callback: (captcha: CaptchaObj4) => void) => void

declare global {
  interface Window {
    /** Loads the captcha; defined by `gt4.js`. */
    initGeetest4: InitGeetest4
    /** Defined by the widget's script, once it is loaded. */
    Geetest4?: GeetestConstructor4
  }
}
