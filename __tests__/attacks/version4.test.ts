import { createHash, createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { inspect } from 'node:util'
import type { Express } from 'express'
import { geetest, MemoryStore, proofOfWork, type GeetestEvent, type GeetestOptions, type TicketStore } from '../../lib'
import type { AnswerFieldsV4, Simulator } from '../../lib/simulator'
import { cloud, site, visitor } from '../support/site'
import { credentials4, site4, work4 } from '../support/site-v4'
import { fakeWorld, until } from '../support/world'
import { listen } from './support/evil-cloud'
import { hex } from './support/crowd'
import { twoNodes } from './support/nodes'
import { onEveryStore } from './support/stores'
import { storm, tally } from './support/storm'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
beforeEach(() => simulator.forget())
afterEach(() => simulator.fault('none'))

/** What visitors have cost: looks of the plugin's own, which may be those of an earlier test, are about no lot of anybody's. */
const calls = () =>
  simulator.calls.filter(({ endpoint, params }) => endpoint === 'validate4' && !/^0*$/.test(String(params.lot_number)))
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** Of the right form, and nobody's. */
const junk = (change: object = {}): AnswerFieldsV4 => ({
  captcha_id: simulator.captchaId,
  lot_number: hex(),
  captcha_output: hex(),
  pass_token: hex() + hex(),
  gen_time: '1700000000',
  ...change,
})

/** A site in an outage, and the challenge that it issued to a visitor. */
async function inOutage(options: Partial<GeetestOptions> = {}) {
  const down = await cloud()
  await down.fault('refuse')
  const downtime = proofOfWork({ privateKey: down.privateKey, hashes: 16 })
  const { app, captcha } = site4(down, { downtime, budgets: false, ...options })
  const agent = visitor(app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  return { down, app, captcha, agent, challenge: String(body.challenge) }
}

/** Answers of every kind that a downtime rule somewhere once took for right. */
const computed: [name: string, make: (id: string) => Partial<AnswerFieldsV4>][] = [
  ['md5 of the lot number', (id) => ({ lot_number: id, captcha_output: md5(id) })],
  ['md5 of the challenge that it makes up', (id) => ({ lot_number: id, pass_token: id, captcha_output: md5(id) })],
  [
    'a downtime challenge of its own',
    (id) => ({ lot_number: id, pass_token: `${id}.gt-offline.1.1.0.${'a'.repeat(22)}`, captcha_output: '0' }),
  ],
  [
    'the words of the vendor’s demos',
    (id) => ({ lot_number: id, captcha_output: 'success', pass_token: 'request geetest api fail' }),
  ],
]

describe('an answer that nobody earned', () => {
  test.each(computed)('attack 1: %s is judged by the cloud while it is up', async (_, make) => {
    const reply = await visitor(site4(simulator).app)
      .post('/login')
      .send(junk(make(hex())))
    expect(reply.status).toBeGreaterThanOrEqual(400)
  })

  test.each(computed)('attack 2: %s, without a ticket, passes nobody in an outage', async (_, make) => {
    const { agent } = await inOutage()
    const reply = await agent.post('/login').send(junk({ ...make(hex()), captcha_id: undefined }))
    expect(reply.status).toBeGreaterThanOrEqual(400)
  })

  test('attack 3: the right lot number with a made-up token passes nobody', async () => {
    const right = simulator.answerV4()
    const { body } = await visitor(site4(simulator).app)
      .post('/login')
      .send({ ...right, pass_token: hex() + hex() })
      .expect(403)
    expect(body.code).toBe('rejected')
  })

  test('attack 3: a sign_token that the browser sends along is not what the cloud is shown', async () => {
    const right = simulator.answerV4()
    const sign_token = createHmac('sha256', 'guess').update(right.lot_number).digest('hex')
    await visitor(site4(simulator).app)
      .post('/login')
      .send({ ...right, sign_token })
      .expect(200)
    expect(calls()[0]?.params.sign_token).not.toBe(sign_token)
  })

  test('attack 30: nothing that the browser says of an outage changes who judges', async () => {
    const claims = { success: 0, offline: true, gt_server_status: 0, mode: 'proof-of-work', status: 'bypass' }
    await visitor(site4(simulator).app)
      .post('/login')
      .send({ ...junk(), ...claims })
      .expect(403)
    expect(calls()).toHaveLength(1)
  })

  test('attack 5: a browser that reports an outage gets no downtime challenge while the server sees none', async () => {
    const { body } = await visitor(site4(simulator).app).get('/getcaptcha?success=0&offline=1').expect(200)
    expect(body).toMatchObject({ success: 1, challenge: '' })
  })
})

onEveryStore((store) => {
  test('attack 8: of 50 simultaneous posts of one answer to two nodes exactly one passes, and one call is made', async () => {
    const agent = twoNodes({ ...credentials4(simulator), store: await store() })
    await agent.get('/getcaptcha').expect(200)
    simulator.forget()
    const right = simulator.answerV4()
    // Slow, so that all of them have come before the cloud has answered the first.
    await simulator.fault('slow', { endpoint: 'validate4', delay: 200 })
    const replies = await storm(() => agent.post('/login').send(right))
    expect(tally(replies)).toEqual({ through: 1, replayed: 49 })
    expect(calls()).toHaveLength(1)
  })

  test('attack 9: an answer that has passed never passes again, even where the cloud would say yes each time', async () => {
    const generous = await listen((_req, res) => res.end('{"status":"success","result":"success"}'))
    const agent = twoNodes({ ...credentials4(simulator), apiServer: generous, store: await store() })
    await agent.post('/login').send(junk()).expect(200)
    const again = junk()
    await agent.post('/login').send(again).expect(200)
    for (let i = 0; i < 4; i++) {
      const { body } = await agent.post('/login').send(again).expect(403)
      expect(body.code).toBe('replayed')
    }
  })

  test('attack 9: a refused answer is spent too', async () => {
    const agent = twoNodes({ ...credentials4(simulator), store: await store() })
    const made = junk()
    await agent.post('/login').send(made).expect(403)
    expect((await agent.post('/login').send(made).expect(403)).body.code).toBe('replayed')
    expect(calls()).toHaveLength(1)
  })

  test('attack 8: of 50 posts of one answer after an outage, exactly one passes', async () => {
    const agent = twoNodes({ ...credentials4(simulator), store: await store(), budgets: false })
    const right = simulator.answerV4()
    await agent.get('/getcaptcha').expect(200)
    await simulator.fault('refuse', { endpoint: 'validate4' })
    await agent.post('/login').send(right).expect(503)
    await simulator.fault('none')
    const replies = await storm(() => agent.post('/login').send(right))
    expect(tally(replies)).toEqual({ through: 1, replayed: 49 })
  })

  test('attack 8: of 50 simultaneous posts of one downtime solution exactly one passes', async () => {
    const { down, agent, challenge } = await inOutage({ store: await store() })
    const replies = await storm(() => agent.post('/login').send(work4(challenge, down.captchaId)))
    expect(tally(replies)).toEqual({ through: 1, replayed: 49 })
  })
})

describe('an answer that was earned elsewhere', () => {
  test('attack 11: an answer to another captcha id is refused without a call, and stays good where it belongs', async () => {
    const other = 'f'.repeat(32)
    const both = await cloud({ accounts: { [other]: 'other-key' } })
    const store = new MemoryStore()
    const here = visitor(site4(both, { store, scene: 'here' }).app)
    const there = visitor(site4(both, { store, scene: 'there', captchaId: other, privateKey: 'other-key' }).app)
    const right = both.answerV4({ captchaId: other })
    expect((await here.post('/login').send(right).expect(403)).body.code).toBe('scene_mismatch')
    expect(both.calls).toHaveLength(0)
    await there.post('/login').send(right).expect(200)
  })

  test('attack 11: without its captcha id the cloud refuses it', async () => {
    const other = 'f'.repeat(32)
    const both = await cloud({ accounts: { [other]: 'other-key' } })
    const { captcha_id: _, ...right } = both.answerV4({ captchaId: other })
    const { body } = await visitor(site4(both).app).post('/login').send(right).expect(403)
    expect(body.code).toBe('rejected')
  })

  test('attack 11: a downtime solution of another session is refused', async () => {
    const { down, app, challenge } = await inOutage()
    const thief = visitor(app)
    await thief.get('/getcaptcha').expect(200)
    const { body } = await thief.post('/login').send(work4(challenge, down.captchaId)).expect(403)
    expect(body.code).toBe('session_mismatch')
  })

  test('attack 11: an answer that was put back belongs to the session that had posted it', async () => {
    const own = await cloud()
    const { app } = site4(own)
    const right = own.answerV4()
    await own.fault('refuse')
    await visitor(app).post('/login').send(right).expect(503)
    await own.fault('none')
    const { body } = await visitor(app).post('/login').send(right).expect(403)
    expect(body.code).toBe('session_mismatch')
  })

  test('attack 6: a downtime ticket is judged by its provider after the cloud is back, and a token of the cloud’s does not fit it', async () => {
    const { down, agent, challenge } = await inOutage()
    await down.fault('none')
    const mixed = { ...down.answerV4(), lot_number: challenge.slice(0, 32) }
    expect((await agent.post('/login').send(mixed).expect(403)).body.code).toBe('unknown_challenge')
  })

  test('attack 28: a downtime solution under another lot number is not its challenge’s', async () => {
    const { down, agent, challenge } = await inOutage()
    await down.fault('none')
    const moved = { ...work4(challenge, down.captchaId), lot_number: hex() }
    const reply = await agent.post('/login').send(moved)
    expect([403, 503]).toContain(reply.status)
  })
})

describe('fields and replies of every kind', () => {
  test.each<[string, unknown]>([
    ['an array', ['a'.repeat(32)]],
    ['an object', { toString: 'x' }],
    ['a number', 7],
    ['null', null],
    ['too long', 'a'.repeat(10_000)],
    ['with a line break', `${'a'.repeat(32)}\n`],
    ['with parameters', `${'a'.repeat(32)}&result=success`],
  ])('attack 13: %s in any of the fields is malformed, and costs no call', async (_, value) => {
    const agent = visitor(site4(simulator).app)
    for (const name of ['lot_number', 'captcha_output', 'pass_token', 'gen_time']) {
      const { body } = await agent
        .post('/login')
        .send(junk({ [name]: value }))
        .expect(400)
      expect(body.code).toBe('malformed')
    }
    expect(calls()).toHaveLength(0)
  })

  test('attack 14: no field can add a parameter to the call or replace one', async () => {
    await visitor(site4(simulator).app)
      .post('/login')
      .send({ ...junk(), captcha_output: 'a+b/c==', extra: 'x' })
      .expect(403)
    expect(Object.keys(calls()[0]?.params ?? {}).toSorted()).toEqual(
      ['captcha_id', 'captcha_output', 'gen_time', 'lot_number', 'pass_token', 'sign_token'].toSorted(),
    )
  })

  test.each<[string, string]>([
    ['an empty body', ''],
    ['a bare word', 'success'],
    ['text of a success', '"success"'],
    ['a success in an array', '[{"status":"success","result":"success"}]'],
    ['a result in capitals', '{"status":"success","result":"SUCCESS"}'],
    ['true', '{"status":"success","result":true}'],
    ['an error with a success beside it', '{"status":"error","code":"-1","result":"success"}'],
    [
      'a success about another lot',
      `{"status":"success","result":"success","captcha_args":{"lot_number":"${'0'.repeat(32)}"}}`,
    ],
    ['a page', '<html>success</html>'],
  ])('attack 17: %s is no yes', async (_, text) => {
    const apiServer = await listen((_req, res) => res.end(text))
    const { app } = site({ ...credentials4(simulator), apiServer })
    const reply = await visitor(app).post('/login').send(junk())
    expect(reply.status).toBe(503)
  })

  test.each<[string, Parameters<typeof listen>[0]]>([
    ['redirects', (_req, res) => void res.writeHead(302, { Location: '/elsewhere' }).end()],
    ['never ends', (_req, res) => void setInterval(() => res.write('x'.repeat(65_536)), 1).unref()],
    [
      'answers yes with the wrong status',
      (_req, res) => void res.writeHead(500).end('{"status":"success","result":"success"}'),
    ],
  ])('attack 15: a cloud that %s is no verdict', async (_, handler) => {
    const apiServer = await listen(handler)
    const { app } = site({ ...credentials4(simulator), apiServer, timeout: 30_000 })
    await visitor(app).post('/login').send(junk()).expect(503)
  })
})

describe('floods', () => {
  test('attack 12: made-up lot numbers from elsewhere do not make the site forget what was spent', async () => {
    const world = fakeWorld()
    const store = new MemoryStore({ limit: 100, now: world.now })
    const { app } = site4(simulator, { store }, world)
    const agent = visitor(app)
    app.set('trust proxy', 'loopback')
    const right = simulator.answerV4()
    await agent.post('/login').set('X-Forwarded-For', '203.0.113.7').send(right).expect(200)
    for (let i = 0; i < 300; i++) store.claim(hex(), 900_000, '198.51.100')
    const { body } = await agent.post('/login').set('X-Forwarded-For', '203.0.113.7').send(right).expect(403)
    expect(body.code).toBe('replayed')
    expect(store.size).toBeLessThanOrEqual(100)
  })

  test('attack 22: an answer is asked about once, however often it is sent', async () => {
    const agent = visitor(site4(simulator).app)
    const made = junk()
    for (let i = 0; i < 20; i++) await agent.post('/login').send(made).expect(403)
    // A look of the plugin's own, about nobody's lot, may come on top.
    expect(calls().filter(({ params }) => params.lot_number === made.lot_number)).toHaveLength(1)
  })

  test('attack 5: answers that the cloud cannot read bring nobody’s site into downtime', async () => {
    const { app, captcha } = site4(simulator)
    for (let i = 0; i < 20; i++)
      await visitor(app)
        .post('/login')
        .send(junk({ gen_time: '0' }))
        .expect(403)
    expect(captcha.status.mode).toBe('up')
  })

  test('attack 5: answers on which the cloud chokes bring nobody’s site into downtime while it answers all else', async () => {
    const apiServer = await listen(async (req, res) => {
      let form = ''
      for await (const part of req) form += String(part)
      if (form.includes('poison')) res.writeHead(500).end('oops')
      else res.end('{"status":"error","code":"-50303","msg":"lot_number invalid"}')
    })
    const { app, captcha } = site({ ...credentials4(simulator), apiServer })
    for (let i = 0; i < 20; i++)
      await visitor(app)
        .post('/login')
        .send(junk({ captcha_output: 'poison' }))
        .expect(503)
    expect(captcha.status.mode).toBe('up')
  })

  test('attack 5: one lost look is one lost call, however many wait for it', async () => {
    let looks = 0
    const apiServer = await listen((_req, res) => {
      looks += 1
      // Once all have come to wait for it.
      void until(() => arrived === 50)
        .then(turns)
        .then(() => res.destroy())
    })
    let arrived = 0
    const turns = async () => {
      for (let i = 0; i < 3000; i++) await new Promise(setImmediate)
    }
    const { app, captcha } = site({ ...credentials4(simulator), apiServer, budgets: false })
    const counted: RequestListener = (req, res) => {
      arrived += 1
      app(req, res)
    }
    await storm(() =>
      visitor(counted as Express)
        .get('/getcaptcha')
        .expect(200),
    )
    expect({ looks, mode: captcha.status.mode, lost: (await captcha.health()).window }).toMatchObject({
      looks: 1,
      mode: 'up',
      lost: { calls: 1 },
    })
  })

  test('attack 21: a thousand looks by strangers keep nothing in the store', async () => {
    const store = new MemoryStore()
    const { app } = site4(simulator, { store })
    await storm(() => visitor(app).get('/getcaptcha').expect(200))
    expect(store.size).toBe(0)
  })
})

test('attack 26: no event, error or settings of version 4 carries the key, a token or an output', async () => {
  const heard: GeetestEvent[] = []
  const { app, captcha } = site4(simulator, { onEvent: (event) => heard.push(event) })
  const right = simulator.answerV4()
  await visitor(app).post('/login').send(right).expect(200)
  const refused = await visitor(app).post('/login').send(junk()).expect(403)
  await simulator.fault('garbage')
  await visitor(app).post('/login').send(junk()).expect(503)
  const said =
    inspect([heard, refused.body, captcha, captcha.settings], { depth: 9, showHidden: true }) + JSON.stringify(heard)
  for (const secret of [simulator.privateKey, right.pass_token, right.captcha_output])
    expect(said).not.toContain(secret)
})

test('attack 4: a store without claim cannot guard version 4', () => {
  const store: TicketStore = { put: () => undefined, take: () => undefined }
  expect(() => geetest({ ...credentials4(simulator), store })).toThrow(/claim/)
})

test('attack 2: a store that fails at the claim lets nobody in', async () => {
  const store = new MemoryStore()
  store.claim = () => {
    throw new Error('down')
  }
  const { body } = await visitor(site4(simulator, { store }).app).post('/login').send(simulator.answerV4()).expect(503)
  expect(body.code).toBe('store_error')
})
