import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from 'supertest'
import type { GeetestOptions } from '../../lib'
import { cloud, credentials, site } from '../support/site'

/** What the cloud is told of a visitor of whom a trusted proxy says this. */
async function toldOf(forwarded: string, trust: unknown = 'loopback'): Promise<string | undefined> {
  const simulator = await cloud()
  const { app } = site(credentials(simulator))
  app.set('trust proxy', trust)
  await request(app).get('/getcaptcha').set('X-Forwarded-For', forwarded).expect(200)
  return simulator.calls[0]?.params.ip_address
}

// Falls when: an address with a port counts as none, or what is none as one.
test.each([
  ['203.0.113.7:4711', '203.0.113.7'],
  ['203.0.113.7', '203.0.113.7'],
  ['[2001:db8::7]:443', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['2001:db8::7', '2001:db8::7'],
  ['fe80::7%eth0', 'fe80::7'],
  ['[fe80::7%eth0]:443', 'fe80::7'],
  ['198.51.100.1, 203.0.113.7:65535', '203.0.113.7'],
  ['203.0.113.7:', undefined],
  ['203.0.113.7:4711:1', undefined],
  ['203.0.113.7:471111', undefined],
  ['203.0.113.777:80', undefined],
  ['for=203.0.113.7', undefined],
  ['"203.0.113.7:80"', undefined],
  ['[203.0.113.7:80', undefined],
  ['unknown', undefined],
  ['_hidden:80', undefined],
])('attack 39: a visitor whom the proxy calls %s has the address %s', async (forwarded, address) => {
  expect(await toldOf(forwarded)).toBe(address)
})

test('attack 39: a proxy of the site’s own that comes with a port is no visitor', async () => {
  expect(await toldOf('203.0.113.7, 10.0.0.1:443', ['loopback', '10.0.0.0/8'])).toBeUndefined()
})

test('attack 39: visitors behind a gateway that writes ports have budgets of their own', async () => {
  const simulator = await cloud()
  const options: GeetestOptions = { ...credentials(simulator), budgets: { issues: 1 } }
  const { app, captcha } = site(options)
  app.set('trust proxy', 'loopback')
  captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
  const from = (address: string) => request(app).get('/getcaptcha').set('X-Forwarded-For', address)
  await from('203.0.113.7:1001').expect(200)
  await from('203.0.113.7:1002').expect(429)
  await from('203.0.113.8:1001').expect(200)
})

test('attack 39: a visitor over a unix socket has no address, and is served', async () => {
  const simulator = await cloud()
  const folder = mkdtempSync(join(tmpdir(), 'geetest-'))
  const socketPath = join(folder, 'site.sock')
  const server = createServer(site(credentials(simulator)).app).listen(socketPath)
  await once(server, 'listening')
  const [answer] = await once(get({ socketPath, path: '/getcaptcha' }), 'response')
  expect(answer.statusCode).toBe(200)
  answer.resume()
  expect(simulator.calls[0]?.params).not.toHaveProperty('ip_address')
  server.close().closeAllConnections()
  rmSync(folder, { recursive: true })
})
