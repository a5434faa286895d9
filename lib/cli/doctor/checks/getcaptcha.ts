import { ok, problem, warning, type Check } from '../check'
import type { Facts } from '../facts'
import { isPage } from '../facts/request'
import { issueOf, versionOf } from '../facts/visits'

/** What every page asks first. */
export const getcaptcha: Check = {
  code: 'getcaptcha',
  run: (facts) => {
    const { visits } = facts
    if (visits === undefined) return undefined
    const { first, base } = visits
    const look = `curl -i ${base}/getcaptcha`
    if (!isPage(first)) return problem('getcaptcha.failed', look, { base, reason: first.failed })
    const { status, ms } = first
    if (status === 404) return problem('getcaptcha.not_found', howToPoint(facts), { base })
    if (status !== 200) return problem('getcaptcha.status', look, { base, status, said: codeIn(first.body) })
    const issue = issueOf(first)
    // The page of version 4 gets a challenge of its own from the cloud.
    if (versionOf(issue) === 4 && issue?.success === 1) return ok('getcaptcha.online', { ms })
    if (issue === undefined || !/^[\w.-]{32,512}$/.test(String(issue.challenge)))
      return problem('getcaptcha.shape', look, { base })
    if (issue.success !== 1) return warning('getcaptcha.downtime', 'captcha.status.cause', { cause: causeOf(facts) })
    return ok('getcaptcha.ok', { ms })
  },
}

const howToPoint = ({ visits, subject }: Facts): string =>
  subject.given === 'url' || !visits?.base.startsWith('http://127.0.0.1')
    ? '--url https://my.site/captcha  // with the prefix of app.use(prefix, captcha)'
    : '--prefix /captcha  // the prefix of app.use(prefix, captcha)'

const causeOf = ({ subject: { captcha } }: Facts): string => captcha?.status.cause ?? '–'

/** The code or the first words of an error page: what Express shows of an error of the plugin begins with its own name. */
function codeIn(body: string): string {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return (/express-geetest: [^.;]*/.exec(text)?.[0] ?? text).slice(0, 160) || '–'
}
