import { ok, problem, type Check } from '../check'
import { challengeIn, isChallenge } from '../facts/register'
import { isPage } from '../facts/request'

/** What register.php of version 3 answers to the captcha id, asked straight from this machine. */
export const cloudRegister: Check = {
  code: 'cloud_register',
  run: ({ cloud, subject }) => {
    const last = cloud?.calls?.at(-1)
    if (cloud?.version !== 3 || last === undefined) return undefined
    const { host } = new URL(cloud.apiServer)
    const look = `curl -v ${cloud.apiServer}/register.php`
    if (!isPage(last)) return problem('cloud_register.failed', look, { host, reason: last.failed })
    if (last.status !== 200) return problem('cloud_register.status', look, { host, status: last.status })
    const challenge = challengeIn(last)
    if (challenge === '0' && cloud.ofOther) {
      const variables = 'GEETEST4_ID=… GEETEST4_KEY=…  # in place of GEETEST_ID and GEETEST_KEY'
      return problem('cloud_register.of_version_4', subject.given === 'environment' ? variables : 'version: 4')
    }
    if (challenge === '0') return problem('cloud_register.id_refused', ID)
    return isChallenge(challenge)
      ? ok('cloud_register.ok')
      : problem('cloud_register.garbage', "apiServer: 'https://api.geetest.com'", { host })
  },
}

const ID = 'captchaId: process.env.GEETEST_ID  // as the vendor shows it; or version: 4, if it is of that'
