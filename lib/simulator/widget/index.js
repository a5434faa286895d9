// The simulator's captcha: defines `window.Geetest`, so it stands in for the vendor's widget behind any gt.js. It tells
// where the gap is to whoever asks and checks no behaviour: it is for development and tests, and says so on its face.
/** @import { GeetestConstructor } from '../../../public/gt' */
import { createBar } from '../../../public/parts/bar.js'
import { createCaptcha } from '../../../public/parts/captcha.js'
import { createCloud } from './cloud.js'
import { createFace } from './face.js'
import { createOfflineCloud } from './offline.js'
import { textsFor } from './texts.js'

/** @param {import('../../../public/gt').GeetestConfig} config */
function Geetest(config) {
  return createCaptcha(
    config,
    function (host) {
      return createFace(host, config.offline ? createOfflineCloud(config) : createCloud(config))
    },
    function (holder, open) {
      return createBar(holder, config.lang, textsFor(config.lang).mark, open)
    },
  )
}

// An object that a constructor returns takes the place of `this`: so `new Geetest(config)` and `Geetest(config)` agree.
window.Geetest = /** @type {GeetestConstructor} */ (/** @type {unknown} */ (Geetest))
