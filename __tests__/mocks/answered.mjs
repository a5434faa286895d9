// Registers a challenge at a cloud that is there in the mock alone: node answered.mjs <mock> <before | after>. Prints what came back.
// What a mock replaces it replaces for the whole process, so each has one of its own.
import { createRequire } from 'node:module'

const [, , mock, order] = process.argv
const require = createRequire(import.meta.url)
const CHALLENGE = '0123456789abcdef0123456789abcdef'
const CLOUD = 'https://api.geetest.com'

const mocks = {
  async msw() {
    const [{ http, HttpResponse }, { setupServer }] = await Promise.all([import('msw'), import('msw/node')])
    const answer = http.get(`${CLOUD}/register.php`, () => HttpResponse.text(CHALLENGE))
    return () => setupServer(answer).listen({ onUnhandledRequest: 'error' })
  },
  nock: async () => nocked((await import('nock')).default),
  nock13: () => nocked(require('nock13')),
  // As tracing and proxies of the whole process do it.
  patch() {
    const https = require('node:https')
    return () => {
      https.request = (_url, options, done) => {
        const { port } = server.address()
        return require('node:http').request({ ...options, agent: false, lookup: undefined, port }, done)
      }
    }
  },
}

const nocked = (nock) => () => {
  nock.disableNetConnect()
  nock(CLOUD).get('/register.php').query(true).reply(200, CHALLENGE)
}

const server = require('node:http').createServer((_req, res) => res.end(CHALLENGE))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const load = () => require('../../dist/index.js')
const early = order === 'after' ? load() : undefined
const start = await mocks[mock]()
const { GeetestClient } = early ?? load()
// The key is nobody's: no call may reach the real cloud.
const client = new GeetestClient({ captchaId: 'e'.repeat(31) + '1', privateKey: 'a-mocked-key' })
start()
const { status } = await client.register()
console.log(status)
process.exit()
