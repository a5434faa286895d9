// The simulator's captcha of version 4: defines `window.Geetest4`, so it stands in for the vendor's widget behind any gt4.js.
// The same slider, and as honest as the one of version 3.
/** @import { GeetestConstructor4 } from '../../../public/gt4' */
import { createBar } from '../../../public/parts/bar.js'
import { createGcaptcha4 } from './gcaptcha4.js'
import { textsFor } from './texts.js'
import { thisVersion } from './versions.js'

var version = thisVersion('gcaptcha4-2024')

/** @param {any} options the page's, with what the loader was answered */
function Geetest4(options) {
  return createGcaptcha4(options, version, function (holder, lang, open) {
    return createBar(holder, lang, textsFor(lang).mark, open)
  })
}

// An object that a constructor returns takes the place of `this`.
window.Geetest4 = /** @type {GeetestConstructor4} */ (/** @type {unknown} */ (Geetest4))
