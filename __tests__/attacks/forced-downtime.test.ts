import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import request from 'supertest'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { fakeWorld, until } from '../support/world'
import { evilCloud } from './support/evil-cloud'
import { storm, tally } from './support/storm'

/** A site on a clock of its own, and what its visitors are issued. */
async function open() {
  const simulator = await cloud()
  const world = fakeWorld()
  const { app, captcha } = site({ ...credentials(simulator), timeout: 30_000 }, world)
  const issue = async (): Promise<0 | 1> => (await visitor(app).get('/getcaptcha').expect(200)).body.success
  /** One visitor after another; `.` is a call that the cloud answers, `x` one that it does not. */
  async function visit(pattern: string, msApart = 0): Promise<string> {
    let issued = ''
    for (const call of pattern) {
      await simulator.fault(call === 'x' ? '500' : 'none', { endpoint: 'register' })
      issued += await issue()
      world.advance(msApart)
    }
    await simulator.fault('none')
    return issued
  }
  return { simulator, world, app, captcha, visit, issue }
}

// Falls when: fewer failures than a quorum, or a share that is no majority, count as an outage for everybody.
test.each([
  ['one lost call of many', '....x......', 0],
  ['one lost call of one', 'x', 0],
  ['two lost calls of two', 'xx', 0],
  ['three lost calls of ten', '..x...x..x', 0],
  ['every third call, for long', '..x'.repeat(20), 100],
  ['two lost calls every ten seconds', 'xx'.repeat(10), 5000],
  ['bursts of two', '....xx....xx....xx', 100],
])('attack 5: %s degrades its own visitors and nobody else', async (_, pattern, msApart) => {
  const { captcha, visit, issue } = await open()
  const issued = await visit(pattern, msApart)
  expect(issued).toBe(pattern.replaceAll('.', '1').replaceAll('x', '0'))
  expect(captcha.status.mode).toBe('up')
  expect(await issue()).toBe(1)
})

test.each([
  ['every call', 'xxx'],
  ['most calls', '..xxxx'],
  ['every other call', '.x'.repeat(3)],
])('attack 5: %s lost is an outage, and even then a visitor has to work', async (_, pattern) => {
  const { app, captcha, visit } = await open()
  await visit(pattern)
  expect(captcha.status).toMatchObject({ mode: 'down', cause: 'status' })
  const agent = visitor(app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  expect(body.challenge).toMatch(/\.gt-offline\.1\./)
  await agent.post('/login').expect(403)
})

// Falls when: one good probe, which may be luck or an attacker's pause, is enough to come back.
test('attack 5: a cloud that flaps stays down until it has answered twice in a row', async () => {
  const { simulator, world, captcha, visit } = await open()
  await visit('xxx')
  await simulator.fault('none')
  for (const good of [true, false, true, false, true, true]) {
    await simulator.fault(good ? 'none' : '500', { endpoint: 'register' })
    expect(captcha.status.mode).toBe('down')
    simulator.forget()
    world.advance(6000)
    await until(() => (simulator.calls.length === 1 && world.waiting > 0) || captcha.status.mode === 'up')
  }
  await until(() => captcha.status.mode === 'up')
  expect(captcha.status.mode).toBe('up')
})

// Falls when: calls that were never made, for too many others, count as calls that the cloud failed.
test('attack 5: a flood that uses up this server’s own connections is told to wait, and is no outage', async () => {
  const held: ServerResponse[] = []
  const evil = await evilCloud({ register: (res) => void held.push(res) })
  const world = fakeWorld()
  const { app, captcha } = site(evil.credentials, world)
  const replies = storm(() => visitor(app).get('/getcaptcha'), 300)
  // One address may have half of the calls; the others wait, each with a timer.
  await until(() => held.length === 128 && world.waiting === 172)
  world.advance(30_000)
  for (const res of held) res.end(randomBytes(16).toString('hex'))
  expect(tally(await replies)).toEqual({ through: 128, unavailable: 172 })
  expect(new Set((await replies).map(({ body }) => body.success))).toEqual(new Set([1, undefined]))
  expect(captcha.status.mode).toBe('up')
})

// Falls when: issues and answers share one limit of calls under way.
test('attack 5: a flood of issues that hang keeps no right answer from being judged', async () => {
  const { simulator, app } = await open()
  const agent = visitor(app)
  const right = await solve(agent, simulator)
  simulator.forget()
  await simulator.fault('hang', { endpoint: 'register' })
  const flood = storm(() => visitor(app).get('/getcaptcha'), 300)
  await until(() => simulator.calls.length === 128)
  await agent.post('/login').send(right).expect(200)
  await simulator.stop()
  await flood
})

describe('what visitors alone can do', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  const start = () => site(credentials(simulator), fakeWorld())

  // Falls when: a refusal, or an answer that never reached the cloud, counts as a failure of the cloud.
  test.each<[string, (right: AnswerFields) => object]>([
    ['seccodes', ({ geetest_validate }) => ({ geetest_seccode: `${geetest_validate}|x` })],
    ['validates', () => ({ geetest_validate: '0'.repeat(32) })],
  ])('attack 5: wrong %s, however many, are no outage', async (_, wrong) => {
    const { app, captcha } = start()
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    const answers = await storm(() => solve(agent, simulator), 60)
    await storm(
      (i) =>
        agent
          .post('/login')
          .send({ ...answers[i], ...wrong(answers[i] as AnswerFields) })
          .expect(403),
      60,
    )
    expect(captcha.status.mode).toBe('up')
  })

  // Falls when: an answer on which the cloud chokes, and which is put back each time, counts as a failure.
  test('attack 5: a solved captcha with a seccode on which the cloud chokes is no outage, however often it is sent', async () => {
    const evil = await evilCloud({
      validate: (res, params) =>
        String(params.get('seccode')).endsWith('|choke') ? res.writeHead(403).end() : res.end('false'),
    })
    const { app, captcha } = site(evil.credentials)
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    const right = evil.answer(body.challenge)
    const choking = { ...right, geetest_seccode: `${right.geetest_validate}|choke` }
    for (let i = 0; i < 10; i++) await agent.post('/login').send(choking).expect(503)
    expect(captcha.status.mode).toBe('up')
  })

  // Falls when: the call to the cloud is tied to the visitor's connection.
  test('attack 5: visitors who hang up in mid-issue are no outage', async () => {
    const { app, captcha } = start()
    await simulator.fault('hang', { endpoint: 'register' })
    simulator.forget()
    // Of our own, because supertest never closes the server of a request that was broken off.
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const visits = Array.from({ length: 20 }, () => request(server).get('/getcaptcha'))
    const gone = visits.map((visit) =>
      visit.then(
        () => 'answered',
        () => 'gone',
      ),
    )
    await until(() => simulator.calls.length === 20)
    for (const visit of visits) visit.abort()
    expect(new Set(await Promise.all(gone))).toEqual(new Set(['gone']))
    server.close()
    await simulator.fault('none')
    expect((await visitor(app).get('/getcaptcha').expect(200)).body.success).toBe(1)
    expect(captcha.status.mode).toBe('up')
  })
})
