// The two calls as a careful person would write them by hand: no tickets, no state of an outage, no store.
import { createHash, createHmac } from 'node:crypto'
import { handWritten } from './site.mjs'

const md5 = (text) => createHash('md5').update(text).digest('hex')
const about = (req) => ({ user_id: 'test', client_type: 'web', ip_address: req.ip, json_format: '1', sdk: 'by-hand' })

/** @param call sends a method, a URL and a form, and resolves to the parsed answer */
export function byHand({ captchaId: gt, privateKey, apiServer }, call) {
  const page = (success, challenge) => ({ success, gt, challenge, new_captcha: true })
  return handWritten({
    async register(req) {
      try {
        const query = new URLSearchParams({ gt, ...about(req) })
        const { challenge } = await call('GET', `${apiServer}/register.php?${query}`)
        return page(1, md5(challenge + privateKey))
      } catch {
        return page(0, md5(String(Math.random())))
      }
    },
    async validate(req, fallback, body) {
      const { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: seccode } = body
      if (fallback) return validate === md5(challenge)
      if (validate !== md5(`${privateKey}geetest${challenge}`)) return false
      const form = new URLSearchParams({ seccode, challenge, captchaid: gt, ...about(req) }).toString()
      return (await call('POST', `${apiServer}/validate.php`, form)).seccode === md5(seccode)
    },
  })
}

/** The same of version 4, where nothing is registered. */
export function byHand4({ captchaId, privateKey, apiServer }, call) {
  return handWritten({
    register: async () => ({ success: 1, gt: captchaId, challenge: '', new_captcha: true }),
    async validate(_req, _fallback, { lot_number, captcha_output, pass_token, gen_time }) {
      const sign_token = createHmac('sha256', privateKey).update(lot_number).digest('hex')
      const form = new URLSearchParams({ lot_number, captcha_output, pass_token, gen_time, sign_token }).toString()
      return (await call('POST', `${apiServer}/validate?captcha_id=${captchaId}`, form)).result === 'success'
    },
  })
}
