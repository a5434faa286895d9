// The simulator's captcha of version 4: defines `window.Geetest4`, so it stands in for the vendor's widget behind any gt4.js.
// The same slider, and as honest as the one of version 3.
/** @import { GeetestConstructor4 } from '../../../public/gt4' */
import { createBar } from '../../../public/parts/bar.js'
import { createCaptcha } from '../../../public/parts/captcha.js'
import { size } from '../../../public/parts/dom.js'
import { asV4, configV3 } from '../../../public/parts/v4.js'
import { createCloudV4 } from './cloud-v4.js'
import { createFace } from './face.js'
import { keepOpen } from './mask.js'
import { textsFor } from './texts.js'

/** The vendor's button is so high, in pixels. */
var HEIGHT = 50

/** @param {any} config the page's, with what the loader was answered */
function Geetest4(config) {
  var v3 = configV3(config, config.lotNumber)
  var upstream = createCloudV4(config)
  var captcha = createCaptcha(
    v3,
    function (host) {
      var face = createFace(host, upstream.cloud)
      return (config.mask || {}).outside === false ? keepOpen(host.panel, face) : face
    },
    function (holder, open) {
      var bar = createBar(holder, v3.lang, textsFor(v3.lang).mark, open)
      var button = /** @type {HTMLElement} */ (holder.querySelector('button'))
      button.style.height = size((config.nativeButton || {}).height, HEIGHT + 'px')
      return bar
    },
  )
  if (config.rem > 0) captcha.zoom(config.rem)
  return asV4(captcha, function () {
    return upstream.answer()
  })
}

// An object that a constructor returns takes the place of `this`.
window.Geetest4 = /** @type {GeetestConstructor4} */ (/** @type {unknown} */ (Geetest4))
