import { ok, warning, type Check } from '../check'

/** A route that was forgotten is open. The doctor only sees that there is none at all. */
export const guard: Check = {
  code: 'guard',
  run: ({ subject: { guards, captcha } }) => {
    if (guards === undefined || captcha === undefined) return undefined
    return guards.length > 0
      ? ok('guard.ok', { routes: guards.join(', ') })
      : warning('guard.none', "app.post('/login', captcha.validate(), login)")
  },
}
