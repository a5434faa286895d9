/**
 * Types of the browser side: the loader `gt.js` and the object that it hands to the page. Source of meanings and
 * defaults: the vendor's documentation of the web client, version 3 (and 2 where a name is marked so).
 *
 * @example
 * import 'express-geetest/browser'
 *
 * window.initGeetest({ gt, challenge, offline: !success, new_captcha }, (captcha) => captcha.appendTo('#captcha'))
 */

/** How the captcha shows itself. An unknown value counts as `float`. */
export type GeetestProduct = 'float' | 'popup' | 'embed' | 'bind' | 'custom'

/** Language of the texts. */
export type GeetestLang =
  | 'zh-cn'
  | 'zh-hk'
  | 'zh-tw'
  | 'en'
  | 'ja'
  | 'ko'
  | 'id'
  | 'ru'
  | 'ar'
  | 'es'
  | 'pt-pt'
  | 'fr'
  | 'de'
  | 'th'
  | 'tr'
  | 'vi'
  | 'ta'
  | 'it'
  | 'bn'
  | 'mr'

/** A CSS selector or the element itself. */
export type GeetestTarget = string | Element

/** First argument of `initGeetest`. The first four come from the server (`GET /getcaptcha`). */
export interface GeetestConfig {
  /** The captcha id of the site: 32 characters. */
  gt: string
  /**
   * The challenge of this visit, from the server; good for one answer. One of downtime names the script that goes with it:
   * the loader fetches that from where it came from itself, and asks no other host.
   */
  challenge: string
  /** True when the server could not reach the cloud: pass `!success`. Default: false. */
  offline?: boolean
  /** From the server; decides which script stands in during an outage. Default: false. */
  new_captcha?: boolean | number
  /** Default: `popup` in the vendor's version 3. */
  product?: GeetestProduct | (string & {})
  /** Width of the bar: a number of pixels, or text with px, %, em, rem or pt. Default: `300px`. */
  width?: string | number
  /** Default: `zh-cn`. */
  lang?: GeetestLang | (string & {})
  /** Forces https for every call. Default: false. */
  https?: boolean
  /** `http://` or `https://`. Default: that of the page; `https://` on pages that have neither. */
  protocol?: 'http://' | 'https://' | (string & {})
  /**
   * Milliseconds for one request of the widget. Default: 30000. The loader passes a host over after 3000 at most where it is that host
   * that is silent and not the visitor's line; on a slow line it waits as long as this, from the host's latest sign of life, and never
   * more than 30000.
   */
  timeout?: number
  /** Where the modal lies. Required for `custom`, optional for `popup` and `bind`. Default: the whole window. */
  area?: GeetestTarget
  /** Width of the opened puzzle in pixels. Default: as much as fits, at most 300. */
  next_width?: string | number
  /** Colour of the cover behind the modal, at 60 % opacity. Default: `black`. */
  bg_color?: string
  /** Scale of the widget. Default: 1. */
  remUnit?: number
  /** Closes at once after success, without saying so (for `bind`). Default: false. */
  hideSuccess?: boolean
  /** Leaves the close button out. Default: false. */
  hideClose?: boolean
  /** Leaves the refresh button out. Default: false. */
  hideRefresh?: boolean
  /** Host of the cloud; port and path are fine. Default: `api.geetest.com`. */
  api_server?: string
  /** Hosts of the cloud, tried in order; taken instead of `api_server`. */
  api_server_v3?: string | string[]
  /** Called when the captcha could not be loaded. Without it an Error is thrown. */
  onError?: (error: GeetestErrorObject) => void
  /** Type of the script in an outage. Default: by `new_captcha`. */
  type?: 'slide' | 'fullpage' | (string & {})
  /** Path of the first call. Default: `/gettype.php`. */
  typePath?: string
  /** Scripts to load in an outage, by type. Default: those of the vendor's CDN, after the page's own `api_server`. */
  fallback_config?: { [type: string]: { type: string; static_servers: string[]; [path: string]: unknown } }
  /**
   * Ours: the address, with a slash at its end, under which the site has mounted express-geetest: its script for an outage and
   * the fresh challenge of a captcha that starts over meanwhile come from there. Default: where `gt.js` itself came from; required where
   * that cannot be told: in a bundle, in a module, where it is evaluated, under another name. Without it `onError` says so at
   * once (error_111). Several scenes that share one `gt.js` name their own.
   */
  base?: string
  /** Keys that are merged into the configuration before the first call. */
  getType?: { [key: string]: unknown }
  /** Keys that are merged into the configuration; the first call is then left out. */
  getLib?: { [key: string]: unknown }
}

/** The three fields that the server wants to see, by the names of the form fields. */
export interface GeetestValidate {
  geetest_challenge: string
  geetest_validate: string
  geetest_seccode: string
}

/** What `onError` receives. */
export interface GeetestErrorObject {
  /** `error_` and the number: 100-102 wrong arguments, 103 and 114 configuration, 109 no fresh challenge, 111 script, 116 handler threw, 21 expired … */
  code: string
  /** Same as `code`. */
  error_code: string
  /** What happened, for developers. */
  msg: string
  /** What happened, for people, in the language of the widget. */
  user_error: string
  /** There where time ran out: the network is slow, and nothing is blocked. */
  slow?: true
  /** What was thrown, where a handler of the page threw (error_116). */
  detail?: unknown
}

/** Reported by `onStatusChange`. */
export type GeetestStatus = 'Success' | 'Fail' | 'Forbidden' | 'Abuse'

/** The captcha on the page. Every method that answers nothing else returns the object, so calls can be chained. */
export interface CaptchaObj {
  /** Draws the captcha inside the element. Nothing found: error_100. */
  appendTo(target: GeetestTarget): CaptchaObj
  /** Moves the three hidden inputs into this form. */
  bindForm(form: GeetestTarget): CaptchaObj
  /** Opens the captcha on a click of this button, and lets the click through once it is passed. Nothing found: error_101. */
  bindOn(button: GeetestTarget): CaptchaObj
  /** Same as `bindOn`. */
  bindButton(button: GeetestTarget): CaptchaObj
  /** The three fields, or false until the visitor has passed. */
  getValidate(): GeetestValidate | false
  /**
   * Starts a new round, for instance after the server refused. In an outage what was answered is spent: the loader gets a fresh
   * challenge from `base` first; where none comes it is error_109.
   */
  reset(): CaptchaObj
  /** Same as `reset` (name of version 2). */
  refresh(): CaptchaObj
  /** Opens the check (`bind`). Called before `onReady` it opens as soon as possible. */
  verify(): CaptchaObj
  /** Opens the check, or shows an embedded captcha again. */
  show(): CaptchaObj
  /** Closes the check, or hides an embedded captcha. */
  hide(): CaptchaObj
  /** Undoes `disable`. */
  enable(): CaptchaObj
  /** Lets the visitor start nothing until `enable`. */
  disable(): CaptchaObj
  /** Scales the drawn captcha. */
  zoom(factor: number): CaptchaObj
  /** What the vendor's widget sends along with an answer; in an outage nobody asks for it. */
  setInfos(infos: unknown): CaptchaObj
  /** The same. */
  validate(infos: unknown): CaptchaObj
  /** Takes the refresh button away. */
  hideRefresh(): CaptchaObj
  /** Milliseconds that the visitor needed for the solved round; 0 before. */
  getPasstime(): number
  /** Takes the captcha off the page. Nothing happens afterwards. */
  destroy(): void
  /** The visitor can start. Delivered even if it happened before. */
  onReady(handler: (this: CaptchaObj) => void): CaptchaObj
  /** The opened puzzle can be solved. */
  onNextReady(handler: (this: CaptchaObj) => void): CaptchaObj
  /** The check has been opened (name of version 4). */
  onBoxShow(handler: (this: CaptchaObj) => void): CaptchaObj
  /** The visitor has passed; `getValidate` now has the fields. */
  onSuccess(handler: (this: CaptchaObj) => void): CaptchaObj
  /** One try was wrong. */
  onFail(handler: (this: CaptchaObj) => void): CaptchaObj
  /** Something broke: network, configuration, or an exception in a handler of the page. */
  onError(handler: (this: CaptchaObj, error: GeetestErrorObject) => void): CaptchaObj
  /** The check was closed without being passed. */
  onClose(handler: (this: CaptchaObj) => void): CaptchaObj
  /** The visitor has asked for another puzzle and has got it. */
  onRefresh(handler: (this: CaptchaObj) => void): CaptchaObj
  /** An answer was judged (version 2). */
  onStatusChange(handler: (this: CaptchaObj, status: GeetestStatus) => void): CaptchaObj
}

/** The widget's constructor; the loader calls it with the completed configuration. */
export interface GeetestConstructor {
  new (config: GeetestConfig): CaptchaObj
  (config: GeetestConfig): CaptchaObj
}

/** Loads the captcha and hands it to `callback`. */
export type InitGeetest = (config: GeetestConfig, callback: (captcha: CaptchaObj) => void) => void

declare global {
  interface Window {
    /** Loads the captcha; defined by `gt.js`. */
    initGeetest: InitGeetest
    /** Defined by the widget's script, once it is loaded. */
    Geetest?: GeetestConstructor
    /** The captcha id of the latest call. */
    GeeGT?: string
    /** The challenge of the latest call. */
    GeeChallenge?: string
  }
}
