import { cloud, credentials, site } from '../support/site'
import { fakeWorld } from '../support/world'
import { times } from './support/crowd'
import { md5 } from './support/evil-cloud'
import { answer } from './support/forgeries'
import { tally } from './support/storm'
import { cookieOf, inBatches, wireTo } from './support/wire'

// Crowds take as long as the machine needs.
jest.setTimeout(180_000)

/** @param seconds how long the outage lasts unless it is ended before */
async function hoard(size: number, seconds = 600) {
  const simulator = await cloud()
  const world = fakeWorld()
  const { app, captcha } = site({ ...credentials(simulator), downtime: 'failback' }, world)
  const wire = await wireTo(app)
  captcha.force({ mode: 'down', reason: 'test', seconds })
  const held = await inBatches(times(size, String), 30, async () => {
    const issued = await wire.send('GET', '/getcaptcha')
    const { challenge } = JSON.parse(issued.text)
    return { cookie: cookieOf(issued), fields: answer(challenge, md5(challenge)) }
  })
  const logins = async () => {
    const replies = await inBatches(held, 30, ({ cookie, fields }) => wire.post('/login', fields, cookie))
    return tally(replies.map(({ status, text }) => ({ status, body: JSON.parse(text) })))
  }
  return { simulator, world, captcha, wire, logins }
}

// Falls when: what an outage gave out stays good for its ten minutes after it.
test('attack 44: of 300 challenges hoarded in an outage none logs in two minutes after its end', async () => {
  const { world, captcha, logins } = await hoard(300)
  captcha.force(undefined)
  world.advance(120_001)
  expect(await logins()).toEqual({ expired: 300 })
})

// Falls when: only an end that somebody declares counts.
test('attack 44: nor where the outage ended by itself', async () => {
  const { world, logins } = await hoard(3, 60)
  world.advance(60_000 + 120_001)
  expect(await logins()).toEqual({ expired: 3 })
})

test('a form that was begun in an outage can be finished within two minutes after it', async () => {
  const { world, captcha, logins } = await hoard(3)
  captcha.force(undefined)
  world.advance(120_000)
  expect(await logins()).toEqual({ through: 3 })
})

test('a challenge of an outage that came back is good again for its own time', async () => {
  const { world, captcha, logins } = await hoard(3)
  captcha.force(undefined)
  world.advance(200_000)
  captcha.force({ mode: 'down', reason: 'again', seconds: 600 })
  expect(await logins()).toEqual({ through: 3 })
})

test('who lost a single call while the cloud was up has the whole ten minutes', async () => {
  const { simulator, world, captcha, wire } = await hoard(1)
  captcha.force(undefined)
  world.advance(300_000)
  await simulator.fault('500', { endpoint: 'register', calls: 1 })
  const issued = await wire.send('GET', '/getcaptcha')
  const { challenge, success } = JSON.parse(issued.text)
  expect(success).toBe(0)
  world.advance(500_000)
  expect((await wire.post('/login', answer(challenge, md5(challenge)), cookieOf(issued))).status).toBe(200)
})
