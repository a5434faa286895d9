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
    const { first, inside } = visits
    // Of a site in this process the path is all that stays.
    const base = inside ? new URL(visits.base).pathname.replace(/\/$/, '') : visits.base
    const look = howToLook(facts)
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
  subject.given === 'url' || visits?.inside === false
    ? '--url https://my.site/captcha  // with the prefix of app.use(prefix, captcha)'
    : '--prefix /captcha  // the prefix of app.use(prefix, captcha)'

const causeOf = ({ subject: { captcha } }: Facts): string => captcha?.status.cause ?? 'downtime'

/** The code or the first words of an error page: what Express shows of an error of the plugin begins with its own name. */
function codeIn(body: string): string {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  // A sentence ends where a blank follows: `req.session` does not end one.
  const words = /express-geetest: .*?(?=[.;](?:\s|$)|$)/.exec(text)?.[0] ?? text
  if (words.length > 300) return `${words.slice(0, 300)}…`
  return words.replace(/[.;]$/, '') || 'an empty page'
}

/** The site has to run for that, and then it has an address of its own. */
function howToLook({ visits, listened }: Facts): string {
  if (visits?.inside !== true) return `curl -i ${String(visits?.base)}/getcaptcha`
  const port = listened.find((place) => typeof place === 'number' && place > 0) ?? 3000
  return `curl -i http://localhost:${port}${new URL(visits.base).pathname.replace(/\/$/, '')}/getcaptcha  # while the site runs`
}
