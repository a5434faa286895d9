// The vendor's older SDK, package `geetest` 4.1.2, in the same routes.
import { handWritten, requirePeer } from '../site.mjs'

export function open({ captchaId, privateKey, apiServer }) {
  const [protocol, api_server] = apiServer.split(/(?<=\/\/)/)
  const Sdk = requirePeer('geetest')
  const sdk = new Sdk({ geetest_id: captchaId, geetest_key: privateKey, protocol, api_server })
  return handWritten({
    register: () => sdk.register(),
    validate: (
      _req,
      _fallback,
      { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: seccode },
    ) => sdk.validate({ challenge, validate, seccode }),
  })
}
