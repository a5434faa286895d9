import assert from 'node:assert'
import { writeFileSync } from 'node:fs'
import { done } from './support/cloud.mjs'
import { shell, typed } from './support/shell.mjs'

writeFileSync(
  'app.mjs',
  `import express from 'express'
   import session from 'express-session'
   import { geetest } from 'express-geetest'

   const { GEETEST_ID: captchaId, GEETEST_KEY: privateKey, GEETEST_API_SERVER: apiServer, SESSION_SECRET } = process.env
   const captcha = geetest({ captchaId, privateKey, apiServer })
   const app = express()
   app.use(session({ secret: SESSION_SECRET, resave: false, saveUninitialized: false, cookie: { sameSite: 'lax' } }))
   app.use(captcha)
   app.post('/login', captcha.validate(), (req, res) => res.send('Welcome'))
   export default app`,
)
assert.match(await shell(typed(), { env: { LANG: 'C' } }), /0 to repair/)
done()
