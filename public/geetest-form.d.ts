/**
 * Types of the form helper `geetest-form.js`: what it gives to a form, and the events that it raises there.
 *
 * `<form data-geetest data-version="4">` is one of version 4, for a scene with `version: 4`; both versions may stand on one page.
 *
 * @example
 * import 'express-geetest/form'
 *
 * form.addEventListener('geetest:error', (event) => console.warn(event.detail.code))
 * const response = await fetch(form.action, { method: 'POST', body: new FormData(form) })
 * if (!response.ok) form.geetest?.reset()
 */

import type { CaptchaObj, GeetestValidate } from './gt'
import type { CaptchaObj4, GeetestValidate4 } from './gt4'

/** `form.geetest`: there as soon as the helper has seen the form. No field of the form may have that name. */
export interface GeetestForm {
  /** Draws a new captcha: the server has judged the answer. Also what `form.reset()` does. */
  reset(): void
  /** The answer was not used, or not judged (503): it may be sent again. Does nothing after a `reset`. */
  keep(): void
}

/** Detail of `geetest:error`. */
export interface GeetestFormError {
  /**
   * `error_` and a number, from the captcha; that of version 4 has codes of its own, such as `60100`. `http_` and the status of
   * `/getcaptcha`, 0 where no answer came. `timeout`: it was still loading after a minute.
   */
  readonly code: string
  /** What the visitor is told. */
  readonly text: string
}

/** Events of a guarded form. They bubble. */
export interface GeetestFormEvents {
  /** The visitor can start. `preventDefault()`: a submit that waits does not open the check. */
  'geetest:ready': CustomEvent<CaptchaObj | CaptchaObj4>
  /** Solved; the detail is the fields of the form's version. `preventDefault()`: a submit that waits is not sent. */
  'geetest:success': CustomEvent<GeetestValidate | GeetestValidate4>
  /** One try was wrong. Not every version of the vendor's tells of it: fullpage 9.0.9 (version 3) does not. */
  'geetest:fail': CustomEvent<null>
  /** The captcha could not be loaded. `preventDefault()`: the page tells the visitor itself. */
  'geetest:error': CustomEvent<GeetestFormError>
  /** The visitor has closed the check without solving it: a submit that waited is forgotten. */
  'geetest:close': CustomEvent<null>
}

declare global {
  interface HTMLFormElement {
    /** Given by the form helper. */
    geetest?: GeetestForm | undefined
  }
  // oxlint-disable-next-line typescript/no-empty-object-type -- the way to add events to the browser's own
  interface HTMLElementEventMap extends GeetestFormEvents {}
}
