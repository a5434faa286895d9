// A login page that the server renders with the challenge in it: one round trip less. node examples/server-rendered.mjs
import { randomBytes } from 'node:crypto'
import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import { createSimulator } from 'express-geetest/simulator'

// In place of an account; with one of yours, captchaId and privateKey are all that it takes, and data-api-server below goes.
const simulator = createSimulator()
await simulator.start()
const { captchaId, privateKey, url: apiServer } = simulator
const captcha = geetest({ captchaId, privateKey, apiServer })

const page = (challenge) => `<!doctype html>
<html lang="en">
  <title>Log in</title>
  <script src="/geetest-form.js" data-api-server="${apiServer}"></script>
  <form data-geetest${challenge} method="post" action="/login">
    <label>Password <input name="password" type="password"></label>
    <button>Log in</button>
  </form>
  <noscript>The captcha needs JavaScript.</noscript>
</html>`

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const app = express()
app.use(session({ secret: randomBytes(32).toString('hex'), resave: false, saveUninitialized: false }))
app.use(captcha)
app.get('/', (req, res, next) => {
  captcha
    .issue(req)
    // Without a challenge the page asks for one itself, and says what is wrong.
    .catch(() => undefined)
    .then((issue) => {
      // A challenge is for one visitor, once: no cache may keep it.
      res.set('Cache-Control', 'no-store')
      res.send(page(issue ? ` data-challenge="${escape(JSON.stringify(issue))}"` : ''))
    })
    .catch(next)
})
app.post('/login', captcha.validate(), express.urlencoded({ extended: false }), (req, res) => {
  if (req.body.password === 'demo') res.send('Welcome')
  else res.status(401).send('Wrong password. <a href="/">Back</a>')
})

const server = app.listen(process.env.PORT ?? 3000)
server.on('listening', () => console.log(`http://localhost:${server.address().port}  (the password is demo)`))
server.on('error', ({ message }) => {
  console.error(`${message}; write another port: PORT=3001 node examples/server-rendered.mjs`)
  process.exit(1)
})
