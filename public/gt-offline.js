// The downtime captcha: `window.Geetest` for challenges `<id>.gt-offline.…`. The same file is its own worker, so that it
// needs neither a second request by another name nor a blob, and works wherever the policy says 'self'.
/** @import { GeetestConfig, GeetestConstructor } from './gt' */
import { createFace } from './offline/face.js'
import { serve } from './offline/solve.js'
import { createCaptcha } from './parts/captcha.js'
import { scriptAddress } from './parts/own.js'
import { stand } from './parts/stand.js'

if (typeof window === 'undefined') serve()
else start()

function start() {
  var address = scriptAddress('gt-offline')

  /** @param {GeetestConfig} config */
  function Geetest(config) {
    return createCaptcha(config, function (host) {
      return createFace(host, address)
    })
  }

  // For the loader, which has no room for it: most pages never see an outage.
  Geetest.stand = stand
  // An object that a constructor returns takes the place of `this`: so `new Geetest(config)` and `Geetest(config)` agree.
  window.Geetest = /** @type {GeetestConstructor} */ (/** @type {unknown} */ (Geetest))
}
