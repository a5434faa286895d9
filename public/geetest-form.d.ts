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
 *
 * @example A framework's own submit
 * const answer = await form.geetest?.solve()
 * if (answer) await fetch('/login', { method: 'POST', body: new URLSearchParams({ username, password, ...answer }) })
 */

import type { CaptchaObj, GeetestValidate } from './gt'
import type { CaptchaObj4, GeetestValidate4 } from './gt4'

/** The fields that a request must carry; without any where the server has uses left (`keep(left)`). */
export type GeetestFormAnswer = GeetestValidate | GeetestValidate4 | Record<string, never>

/**
 * `form.geetest`: there as soon as the helper has seen the form. Where a field of the form has that name the form is guarded all the
 * same, and `geetestForm.guard(form)` gives this.
 */
export interface GeetestForm {
  /** Draws a new captcha: the server has judged the answer. Also what `form.reset()` does. */
  reset(): void
  /**
   * The answer was not sent, not used, or not judged (503): it may be sent again. Does nothing after a `reset`.
   *
   * @param left how many more requests the server lets through without another captcha, from its header `X-Geetest-Left` (a guard with
   *   `uses`): above 0 the next submit goes without fields
   */
  keep(left?: number | string | null): void
  /** The fields of a solved captcha that were not sent yet; null where there are none. */
  readonly answer: GeetestFormAnswer | null
  /**
   * Opens the check, and waits for its fields, which count as sent then. Null where the visitor has closed it, or where it cannot be loaded,
   * which the form says. Never rejects. For pages that send what is in a form by themselves, without a submit.
   */
  solve(): Promise<GeetestFormAnswer | null>
}

/** `window.geetestForm` */
export interface GeetestFormHelper {
  /**
   * Guards a form that has no `data-geetest`, or that stands in a closed shadow root, and gives what `form.geetest` gives.
   *
   * @throws TypeError what is given is no form element
   */
  guard(form: HTMLFormElement): GeetestForm
}

/** Detail of `geetest:error`. */
export interface GeetestFormError {
  /**
   * `error_` and a number, from the captcha; that of version 4 has codes of its own, such as `60100`. `http_` and the status of
   * `/getcaptcha`, 0 where no answer came. `timeout`: it was still loading after a minute. `scene`: `data-scene` names no plugin of this
   * site's.
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
  interface Window {
    geetestForm?: GeetestFormHelper | undefined
  }
  interface HTMLFormElement {
    /** Given by the form helper. */
    geetest?: GeetestForm | undefined
  }
  // oxlint-disable-next-line typescript/no-empty-object-type -- the way to add events to the browser's own
  interface HTMLElementEventMap extends GeetestFormEvents {}
}
