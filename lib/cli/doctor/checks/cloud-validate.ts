import { ok, problem, type Check, type Outcome } from '../check'
import type { Facts } from '../facts'
import { knowsId, saidIn, wrongId, type Said } from '../facts/look'
import { isPage } from '../facts/request'
import { VENDORS } from '../facts/vendor'

/**
 * What the cloud of version 4 says to the captcha id, asked straight from this machine; where the site goes another way, what the
 * plugin heard.
 */
export const cloudValidate: Check = {
  code: 'cloud_validate',
  run: (facts) => {
    const { cloud, told } = facts
    if (cloud === undefined) return told && judge(told, facts)
    const last = cloud.calls?.at(-1)
    if (cloud.version !== 4 || last === undefined) return undefined
    const { host } = new URL(cloud.apiServer)
    const look = `curl -v -X POST ${cloud.apiServer}/validate`
    if (!isPage(last)) return problem('cloud_validate.failed', look, { host, reason: last.failed })
    if (last.status !== 200) return problem('cloud_validate.status', look, { host, status: last.status })
    return judge(saidIn(last), facts)
  },
}

const ID = 'captchaId: process.env.GEETEST4_ID  // '
const CONSOLE = {
  unknown: `${ID}as the vendor shows it; or version: 3, if it is of that`,
  deleted: `${ID}of a captcha that is there`,
  paused: `${ID}of a captcha that runs, or switch this one on in the vendor's console`,
}

function judge(said: Said, facts: Facts): Outcome {
  const host = new URL(facts.cloud?.apiServer ?? facts.settings?.apiServer ?? VENDORS[4]).host
  if (said === 'accepted') return problem('cloud_validate.accepted', `apiServer: '${VENDORS[4]}'`, { host })
  if (knowsId(said)) return ok('cloud_validate.ok')
  if (said === 'garbage' || 'refused' in said)
    return problem('cloud_validate.garbage', `apiServer: '${VENDORS[4]}'`, { host })
  const { code } = said
  const wrong = wrongId(said)
  if (wrong === undefined) return problem('cloud_validate.error', `captcha.status  // and again later`, { host, code })
  return wrong === 'unknown' && facts.cloud?.ofOther
    ? problem('cloud_validate.of_version_3', howToGoBack(facts), { code })
    : problem(`cloud_validate.${wrong}`, CONSOLE[wrong], { code })
}

const howToGoBack = ({ subject: { given } }: Facts): string =>
  given === 'environment' ? 'GEETEST_ID=… GEETEST_KEY=…  # in place of GEETEST4_ID and GEETEST4_KEY' : 'version: 3'
