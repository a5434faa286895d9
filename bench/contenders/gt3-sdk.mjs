// The vendor's SDK of Geetest 3, in the routes of its own demo.
import { handWritten, requirePeer } from '../site.mjs'

export function open({ captchaId, privateKey, apiServer }) {
  const [protocol, api_server] = apiServer.split(/(?<=\/\/)/)
  const Sdk = requirePeer('gt3-sdk')
  const sdk = new Sdk({ geetest_id: captchaId, geetest_key: privateKey, protocol, api_server })
  return handWritten({
    register: (req) => sdk.register({ client_type: 'web', ip_address: req.ip }),
    validate: (_req, fallback, body) => sdk.validate(fallback, body),
  })
}
