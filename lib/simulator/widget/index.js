// The simulator's captcha of version 3: defines `window.Geetest`, so it stands in for the vendor's widget behind any gt.js. It
// tells where the gap is to whoever asks and checks no behaviour: it is for development and tests, and says so on its face.
/** @import { GeetestConstructor } from '../../../public/gt' */
import { createBar } from '../../../public/parts/bar.js'
import { createCaptcha } from '../../../public/parts/captcha.js'
import { createFace } from './face.js'
import { createFullpage } from './fullpage.js'
import { createOfflineCloud } from './offline.js'
import { textsFor } from './texts.js'
import { thisVersion } from './versions.js'

var version = thisVersion('fullpage-9.0.9')

/** @param {any} config */
function Geetest(config) {
  /**
   * @param {HTMLElement} holder
   * @param {() => void} open
   */
  function bars(holder, open) {
    return createBar(holder, config.lang, textsFor(config.lang).mark, open)
  }
  // The script of the slide type is what pages load in an outage that know nothing of `new_captcha`: an older widget, whose
  // object has the methods of version 2.
  if (config.offline && config.type === 'slide' && !config.new_captcha) {
    return createCaptcha(
      config,
      function (host) {
        return createFace(host, createOfflineCloud(config))
      },
      bars,
    )
  }
  return createFullpage(config, version, bars)
}

// An object that a constructor returns takes the place of `this`: so `new Geetest(config)` and `Geetest(config)` agree.
window.Geetest = /** @type {GeetestConstructor} */ (/** @type {unknown} */ (Geetest))
