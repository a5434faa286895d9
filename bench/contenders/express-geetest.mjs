// This package, as it comes.
import { keys, login, newApp, require } from '../site.mjs'

export function open({ apiServer, ...more }) {
  const { geetest } = require('express-geetest')
  // One address asks for everything here, so a limit by address would be all that an outage shows.
  const captcha = geetest({ ...keys, apiServer, budgets: false, ...more.options })
  const app = newApp().use(captcha)
  return app.post('/login', captcha.validate(), login)
}
