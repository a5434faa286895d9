// Three forms with a captcha each, in one app: login, register and comment, with an id, a key and a policy of their own.
//
//   node examples/scenes.mjs                     each against a simulator of its own
//   GEETEST_LOGIN_ID=… GEETEST_LOGIN_KEY=… …     against the vendor's cloud; REGISTER and COMMENT likewise
import { randomBytes } from 'node:crypto'
import express from 'express'
import session from 'express-session'
import { geetest, GeetestError, isReason, MemoryStore } from 'express-geetest'
import { createSimulator } from 'express-geetest/simulator'

/** Where the id of that scene is known: by the environment, else in a simulator. */
async function cloudOf(scene) {
  const given = (name) => process.env[`GEETEST_${scene.toUpperCase()}_${name}`]
  if (given('ID')) return { captchaId: given('ID'), privateKey: given('KEY'), apiServer: given('API_SERVER') }
  const simulator = createSimulator()
  await simulator.start()
  console.log(`${scene}: no id in the environment, so the captcha is a simulator, at ${simulator.url}`)
  return { captchaId: simulator.captchaId, privateKey: simulator.privateKey, apiServer: simulator.url }
}

// One store for all scenes, which keep their challenges apart by themselves. For several processes, write a RedisStore.
const store = new MemoryStore()

const scenes = {
  // Users must get in whatever happens, and nobody may try many passwords.
  login: geetest({
    ...(await cloudOf('login')),
    scene: 'login',
    store,
    downtime: 'proof-of-work',
    budgets: { failures: 20 },
  }),
  // Rather no new accounts for an hour than a thousand made by a program.
  register: geetest({ ...(await cloudOf('register')), scene: 'register', store, downtime: 'deny' }),
  // A comment can be removed later; a visitor who is sent away does not come back.
  comment: geetest({ ...(await cloudOf('comment')), scene: 'comment', store, downtime: 'allow' }),
}
const { login, register, comment } = scenes

const app = express()
app.use(session({ secret: randomBytes(32).toString('hex'), resave: false, saveUninitialized: false }))
for (const [name, captcha] of Object.entries(scenes)) app.use(`/${name}`, captcha) // GET /login/getcaptcha, …

const form = [express.urlencoded({ extended: false }), express.json()]
// A password may be mistyped twice before another captcha.
app.post('/login', form, login.validate({ uses: 3, seconds: 300 }), (req, res) => {
  const { username, password } = req.body ?? {}
  const known = username === 'demo' && password === 'demo'
  res.status(known ? 200 : 401).json({ result: known ? 'welcome' : 'wrong password', left: req.geetest.left })
})
app.post('/register', form, register.validate(), (req, res) => {
  res.status(201).json({ result: 'registered' })
})
// Five comments for one captcha; and in an outage without one.
app.post('/comment', form, comment.validate({ uses: 5, seconds: 600, downtime: 'allow' }), (req, res) => {
  res.status(201).json({ result: 'published', verified: req.geetest.mode !== 'allow' })
})

app.get('/health', (req, res, next) => {
  Promise.all(Object.values(scenes).map((captcha) => captcha.health()))
    .then((all) => res.status(all.some(({ status }) => status === 'failing') ? 503 : 200).json(all))
    .catch(next)
})

const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Three scenes</title>
  <form method="post" action="/login"><h1>Log in</h1>
    <input name="username" value="demo"> <input name="password" type="password" value="demo" autocomplete="current-password">
    <div class="captcha"></div><button>Log in</button></form>
  <form method="post" action="/register"><h1>Register</h1>
    <input name="username"><div class="captcha"></div><button>Register</button></form>
  <form method="post" action="/comment"><h1>Comment</h1>
    <textarea name="text"></textarea><div class="captcha"></div><button>Publish</button></form>
  <script src="/login/gt.js"></script>
  <script>
    // One after another: the first answer begins the session that all three belong to.
    Array.from(document.forms).reduce(function (before, form) {
      return before
        .then(function () { return fetch(form.getAttribute('action') + '/getcaptcha?t=' + Math.random()) })
        .then(function (response) { return response.json() })
        .then(function (data) {
          initGeetest(
            {
              gt: data.gt,
              challenge: data.challenge,
              offline: !data.success,
              new_captcha: data.new_captcha,
              api_server: data.api_server,
              protocol: data.protocol,
              product: 'float',
              lang: 'en'
            },
            function (captcha) { captcha.appendTo(form.querySelector('.captcha')) }
          )
        })
    }, Promise.resolve())
  </script>
</html>`
app.get('/', (req, res) => {
  res.type('html').send(page)
})

app.use((error, req, res, next) => {
  if (!GeetestError.is(error) || !isReason(error.code) || res.headersSent) return next(error)
  res.status(error.status).json({ code: error.code, message: error.message })
})

const server = app.listen(Number(process.env.PORT ?? 5000))
server.on('listening', () => console.log(`three scenes: http://localhost:${server.address().port}`))
server.on('error', ({ message }) => {
  console.error(`${message}; write another port: PORT=5001 node examples/scenes.mjs`)
  process.exit(1)
})
