// Geetest's cloud on loopback, in a process of its own, so that its work is not measured: right answers to register.php and
// validate.php, and to /validate of version 4, at once or after a while; and one origin where nobody ever answers, one where nobody listens.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { serve } from './child.mjs'

/** How far away it is, in milliseconds; each has an origin of its own. */
const DELAYS = [0, 20, 150]
let calls = 0

const md5 = (text) => createHash('md5').update(text).digest('hex')

async function open(handler) {
  // Longer than any round: what idle sockets cost is not what is measured here.
  const server = createServer({ keepAliveTimeout: 120_000 }, handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, origin: `http://127.0.0.1:${server.address().port}` }
}

const after = (delay) => (req, res) => {
  calls += 1
  let form = ''
  req.setEncoding('latin1').on('data', (text) => (form += text))
  req.once('end', () => {
    const params = new URLSearchParams(req.method === 'GET' ? req.url.slice(req.url.indexOf('?') + 1) : form)
    const text = answerTo(req.url, params)
    if (delay === 0) res.end(text)
    else setTimeout(() => res.end(text), delay)
  })
}

/** Older SDKs do not ask for JSON, and get the bare value. */
function answerTo(url, params) {
  if (url.startsWith('/validate?')) {
    return JSON.stringify({
      status: 'success',
      result: 'success',
      captcha_args: { lot_number: params.get('lot_number') },
    })
  }
  const [name, value] = url.startsWith('/register.php')
    ? ['challenge', randomBytes(16).toString('hex')]
    : ['seccode', md5(String(params.get('seccode')))]
  return params.get('json_format') === '1' ? JSON.stringify({ [name]: value }) : value
}

const origins = { hang: (await open(() => (calls += 1))).origin }
for (const delay of DELAYS) origins[delay] = (await open(after(delay))).origin
const { server, origin } = await open(() => undefined)
server.close()
origins.refuse = origin

serve({ origins }, () => ({ calls }))
