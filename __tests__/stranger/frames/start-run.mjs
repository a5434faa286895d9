import assert from 'node:assert'
import { writeFileSync } from 'node:fs'
import { shell, typed } from './support/shell.mjs'

writeFileSync(
  'app.mjs',
  `const { GEETEST_ID, GEETEST_KEY, GEETEST_API_SERVER, SESSION_SECRET } = process.env
   const reply = await fetch(GEETEST_API_SERVER + '/register.php?gt=' + GEETEST_ID)
   console.log('register', reply.status, Boolean(GEETEST_KEY && SESSION_SECRET))`,
)
assert.match(await shell(typed()), /register 200 true/)
