import assert from 'node:assert'
import { geetest } from 'express-geetest'
import { captchaId, done, privateKey } from './support/cloud.mjs'

// ── the block ──
assert.equal(captcha.settings.apiServer, 'https://cap-eu.geelabapi.com')
done()
