import { ok, problem, type Check } from '../check'
import { isPage, type Reply } from '../facts/request'

/** What register.php answers to the captcha id, asked straight from this machine. */
export const cloudRegister: Check = {
  code: 'cloud_register',
  run: ({ cloud }) => {
    const last = cloud?.registrations?.at(-1)
    if (cloud === undefined || last === undefined) return undefined
    const { host } = new URL(cloud.apiServer)
    if (!isPage(last))
      return problem('cloud_register.failed', 'curl -v ' + addressOf(cloud.apiServer), { host, reason: last.failed })
    if (last.status !== 200)
      return problem('cloud_register.status', 'curl -v ' + addressOf(cloud.apiServer), { host, status: last.status })
    const challenge = challengeIn(last)
    if (challenge === '0')
      return problem('cloud_register.id_refused', 'captchaId: process.env.GEETEST_ID  // as the vendor shows it')
    return /^.{32}$/.test(challenge)
      ? ok('cloud_register.ok')
      : problem('cloud_register.garbage', "apiServer: 'https://api.geetest.com'", { host })
  },
}

const addressOf = (apiServer: string): string => `${apiServer}/register.php`

/** Older clouds answer in plain text. */
function challengeIn(reply: Reply): string {
  const text = isPage(reply) ? reply.body : ''
  try {
    const value: unknown = JSON.parse(text)
    return String(typeof value === 'object' && value !== null ? (value as { challenge?: unknown }).challenge : value)
  } catch {
    return text
  }
}
