import assert from 'node:assert'
import { geetest } from 'express-geetest'
import { apiServer, captchaId, done, privateKey } from './support/cloud.mjs'

// ── the block ──
assert.equal(captcha.settings.version, 4)
done()
