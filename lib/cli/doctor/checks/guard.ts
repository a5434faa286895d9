import { ok, problem, warning, type Check } from '../check'

const WRITE = "app.post('/login', captcha.validate(), login)"

/** A route that was forgotten is open. The doctor only sees that there is none at all. */
export const guard: Check = {
  code: 'guard',
  run: ({ subject: { guards, open = [], before = [], captcha } }) => {
    if (guards === undefined || captcha === undefined) return undefined
    if (open.length > 0) return problem('guard.misplaced', WRITE, { routes: open.join(', ') })
    if (before.length > 0) return problem('guard.behind', WRITE, { routes: before.join(', ') })
    return guards.length > 0 ? ok('guard.ok', { routes: guards.join(', ') }) : warning('guard.none', WRITE)
  },
}
