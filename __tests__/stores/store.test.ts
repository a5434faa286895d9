/** @express4 sessions that cannot be saved */
import { stat } from 'node:fs/promises'
import express from 'express'
import session from 'express-session'
import {
  geetest,
  MemoryStore,
  SPENT,
  type GeetestEvent,
  type Kept,
  type Pass,
  type Ticket,
  type TicketStore,
} from '../../lib'
import { cloud, credentials, errorsAsJson, site, solve, visitor } from '../support/site'

/** Each of a session of its own. */
const ticket = (challenge: string, session = `of ${challenge}`): Ticket => ({
  kind: 'ticket',
  challenge,
  mode: 'online',
  gt: 'g',
  scene: 's',
  session,
  user: 'u',
  issued: 0,
  expires: 1,
})

const pass = (place: number): Pass => {
  const { challenge: _, ...binding } = ticket('')
  return { ...binding, kind: 'pass', place }
}

describe('MemoryStore', () => {
  test('gives a record to the first taker, and the spent mark to all later ones', () => {
    const store = new MemoryStore({ now: () => 0 })
    store.put('a', ticket('a'), 1000)
    expect([store.take('a'), store.take('a'), store.take('a')]).toEqual([ticket('a'), SPENT, SPENT])
  })

  test.each<[string, Kept]>([
    ['a ticket', ticket('a')],
    ['a ticket whose challenge is longer than its id', ticket('id.gt-offline.1.x')],
    ['a ticket whose challenge is its id', ticket('id')],
    ['a ticket that nobody could judge', { ...ticket('id'), unjudged: true }],
    ['a pass', pass(0)],
    ['one of several uses', pass(3)],
    ['a label in another script', { ...ticket('id'), user: '极验 👩‍🚀' }],
    ['an empty label', { ...ticket('id'), user: '' }],
  ])('gives back %s in every field', (_, record) => {
    const store = new MemoryStore({ now: () => 0 })
    store.put('id', record, 1000)
    expect(store.take('id')).toStrictEqual(record)
  })

  test('gives back each its own of any number of scenes, modes, ids and lifetimes', () => {
    const store = new MemoryStore()
    const one = (i: number): Ticket => {
      const [scene, mode, gt] = [`scene${i % 7}`, `mode${i % 5}`, `gt${i % 3}`]
      return { ...ticket(`c${i}`), scene, mode, gt, session: `${'s'.repeat(i % 11)}${i}`, issued: i, expires: i * 2 }
    }
    const numbers = Array.from({ length: 500 }, (_, i) => i)
    for (const i of numbers) store.put(`c${i}`, one(i), 1000)
    expect(numbers.map((i) => store.take(`c${i}`))).toStrictEqual(numbers.map(one))
  })

  test('knows nothing of what was never put', () => {
    expect(new MemoryStore().take('a')).toBeUndefined()
  })

  test('gives a record again that was put again', () => {
    const store = new MemoryStore({ now: () => 0 })
    store.put('a', ticket('a'), 1000)
    store.take('a')
    store.put('a', ticket('b'), 1000)
    expect(store.take('a')).toEqual(ticket('b'))
  })

  test('forgets a record when its time is over, and not before', () => {
    const clock = { time: 0 }
    const store = new MemoryStore({ now: () => clock.time })
    store.put('a', ticket('a'), 1000)
    store.put('b', ticket('b'), 1000)
    clock.time = 999
    expect(store.take('a')).toEqual(ticket('a'))
    clock.time = 1000
    expect(store.take('b')).toBeUndefined()
  })

  test('never holds more than its limit; the oldest makes room', () => {
    const store = new MemoryStore({ limit: 3, now: () => 0 })
    for (const id of ['a', 'b', 'c', 'd']) store.put(id, ticket(id), 1000)
    expect(store.size).toBe(3)
    expect([store.take('a'), store.take('b')]).toEqual([undefined, ticket('b')])
  })

  test('that is full drops whatever was put longest ago, whichever were renewed meanwhile', () => {
    const store = new MemoryStore({ limit: 5, now: () => 0 })
    const order = ['a', 'b', 'c', 'd', 'e', 'c', 'a', 'e', 'e', 'b']
    for (const id of order) store.put(id, ticket(id), 1000)
    const held = ['d', 'c', 'a', 'e', 'b']
    for (let gone = 1; gone <= held.length; gone++) {
      store.put(`new${gone}`, ticket('new'), 1000)
      const copy = held.map((id) => store.take(id))
      expect(copy).toEqual(held.map((id, i) => (i < gone ? undefined : gone === 1 ? ticket(id) : SPENT)))
    }
  })

  describe('that is full', () => {
    /** A full store: a flood from some networks, then one record of a visitor, then the flood goes on. */
    function flooded(networks: number, more: number) {
      const store = new MemoryStore({ limit: 100, now: () => 0 })
      const flood = (i: number) => store.put(`flood${i}`, ticket(`flood${i}`), 1000, `net${i % networks}`)
      for (let i = 0; i < 100; i++) flood(i)
      store.put('honest', ticket('honest'), 1000, 'home')
      for (let i = 100; i < more; i++) flood(i)
      return store
    }

    test.each([1, 5, 50])('keeps a visitor’s record through a flood from %i networks', (networks) => {
      const store = flooded(networks, 5000)
      expect(store.size).toBe(100)
      expect(store.take('honest')).toEqual(ticket('honest'))
    })

    test('keeps what the flooding network put last', () => {
      expect(flooded(1, 5000).take('flood4999')).toEqual(ticket('flood4999'))
    })

    test('drops the oldest where every network holds the same', () => {
      const store = new MemoryStore({ limit: 3, now: () => 0 })
      for (const id of ['a', 'b', 'c', 'd']) store.put(id, ticket(id), 1000, id)
      expect(store.take('a')).toBeUndefined()
      expect(store.take('d')).toEqual(ticket('d'))
    })

    test('forgets networks of which nothing is left', () => {
      const store = new MemoryStore({ limit: 2, now: () => 0 })
      for (let i = 0; i < 100; i++) store.put(`a${i}`, ticket('a'), 1000, `net${i}`)
      // With a hundred networks remembered, an average network would hold next to nothing and none would count as modest.
      store.put('b1', ticket('b1'), 1000, 'b')
      store.put('b2', ticket('b2'), 1000, 'b')
      store.put('c', ticket('c'), 1000, 'c')
      store.put('b3', ticket('b3'), 1000, 'b')
      expect(store.take('c')).toEqual(ticket('c'))
    })

    test('drops what is over before what still holds', () => {
      const clock = { time: 0 }
      const store = new MemoryStore({ limit: 3, now: () => clock.time })
      store.put('long', ticket('long'), 1000, 'a')
      store.put('short', ticket('short'), 10, 'b')
      store.put('long2', ticket('long2'), 1000, 'a')
      clock.time = 10
      store.put('new', ticket('new'), 1000, 'c')
      expect(store.size).toBe(3)
    })
  })

  test('that is full keeps an office’s older tickets, more than the average, through a flood from one /48', () => {
    const store = new MemoryStore({ limit: 1000 })
    const ids = Array.from({ length: 200 }, (_, i) => `office${i}`)
    for (const id of ids) store.put(id, ticket(id), 1000, '198.51.100.7')
    for (let i = 0; i < 300; i++) store.put(`home${i}`, ticket(`home${i}`), 1000, `203.0.${i}.9`)
    const flood = (i: number) => `2001:db8:7:${((i * 7) & 0xffff).toString(16)}`
    for (let i = 0; i < 5000; i++) store.put(`flood${i}`, ticket(`flood${i}`), 1000, flood(i))
    expect(store.size).toBe(1000)
    expect(ids.filter((id) => store.take(id) === undefined)).toEqual([])
    expect(store.take('home0')).toEqual(ticket('home0'))
  })

  test.each([
    ['of the same /48', '2001:db8:7:ff', '2001:db8:7:0'],
    ['of the same /56', '2001:db8:7:0', '2001:db8:7:1'],
    ['of the same /24', '198.51.100.7', '198.51.100.8'],
  ])('that is full keeps the older tickets of a neighbour %s', (_, neighbour, flooding) => {
    const store = new MemoryStore({ limit: 300 })
    for (let i = 0; i < 50; i++) store.put(`old${i}`, ticket(`old${i}`), 1000, neighbour)
    for (let i = 0; i < 2000; i++) store.put(`flood${i}`, ticket(`flood${i}`), 1000, flooding)
    for (let i = 0; i < 50; i++) expect(store.take(`old${i}`)).toEqual(ticket(`old${i}`))
  })

  test.each([
    ['online', 64],
    ['proof-of-work', 4],
  ])('holds of one session as many outstanding tickets of mode %s as %i, the newest', (mode, most) => {
    const store = new MemoryStore()
    const one = (i: number): Ticket => ({ ...ticket(`c${i}`, 'somebody'), mode })
    store.put(
      'other mode',
      { ...ticket('other mode', 'somebody'), mode: mode === 'online' ? 'failback' : 'online' },
      1000,
    )
    store.put('other session', { ...ticket('other session'), mode }, 1000)
    // Taken, it is not outstanding any more.
    for (let i = 0; i < 100; i++) {
      store.put(`c${i}`, one(i), 1000)
      if (i < 10) store.take(`c${i}`)
    }
    const left = Array.from({ length: 90 }, (_, i) => store.take(`c${i + 10}`))
    expect(left.filter((taken) => taken !== undefined)).toEqual(
      Array.from({ length: most }, (_, i) => one(100 - most + i)),
    )
    expect([store.take('other mode'), store.take('other session')]).not.toContain(undefined)
  })

  test('leaves the mark of a ticket that was posted before and is driven out', () => {
    const store = new MemoryStore()
    store.put('posted', { ...ticket('posted', 'somebody'), unjudged: true }, 1000)
    for (let i = 0; i < 64; i++) store.put(`c${i}`, ticket(`c${i}`, 'somebody'), 1000)
    expect(store.claim('posted', 1000)).toBe(SPENT)
  })

  test('gives the memory of expired records back as new ones come', () => {
    const clock = { time: 0 }
    const store = new MemoryStore({ now: () => clock.time })
    for (let i = 0; i < 1000; i++) store.put(`old${i}`, ticket(`old${i}`), 10)
    clock.time = 10
    for (let i = 0; i < 600; i++) store.put(`new${i}`, ticket(`new${i}`), 10)
    expect(store.size).toBe(600)
  })

  test.each([0, -1, 1.5, NaN])('refuses a limit of %p', (limit) => {
    expect(() => new MemoryStore({ limit })).toThrow(/write a whole number from 1/)
  })
})

describe('a session store', () => {
  type Get = session.MemoryStore['get']

  /** A visitor whose session is there already, on a site whose sessions can be read once in a request, and no more. */
  async function returning(again: Get, onEvent?: (event: GeetestEvent) => void) {
    const sessionStore = new session.MemoryStore()
    const app = express()
    app.use(session({ secret: 'test', resave: false, saveUninitialized: true, store: sessionStore }))
    app.get('/', (_req, res) => void res.end())
    app.use(geetest({ ...credentials(await cloud()), timeout: 50, onEvent }), errorsAsJson)
    const agent = visitor(app)
    await agent.get('/').expect(200)
    const get: Get = sessionStore.get.bind(sessionStore)
    let reads = 0
    sessionStore.get = (id, done) => (++reads === 1 ? get(id, done) : again(id, done))
    return agent
  }
  const fails: Get = (_id, done) => done(new Error('connection to 10.0.0.5 lost'))

  test('that fails while the visitor is noted answers 503 store_error', async () => {
    const { body } = await (await returning(fails)).get('/getcaptcha').expect(503)
    expect(body).toEqual({ code: 'store_error', message: expect.not.stringContaining('10.0.0.5') })
  })

  test('that fails is told to onEvent', async () => {
    const events: GeetestEvent[] = []
    await (await returning(fails, (event) => events.push(event))).get('/getcaptcha')
    expect(events).toContainEqual({ type: 'store', scene: 'default', error: new Error('connection to 10.0.0.5 lost') })
  })

  test('that never answers then is answered for, in time', async () => {
    const agent = await returning(() => undefined)
    expect((await agent.get('/getcaptcha').expect(503)).body.code).toBe('store_error')
  })
})

describe('a store of one’s own', () => {
  const failing = (method: 'put' | 'take', how: () => never | Promise<never>): TicketStore => {
    const memory = new MemoryStore()
    return { put: (...a) => memory.put(...a), take: (id) => memory.take(id), [method]: how }
  }
  const throws = () => {
    throw new Error('connection to 10.0.0.5 lost')
  }
  const rejects = () => Promise.reject(new Error('connection to 10.0.0.5 lost'))

  test.each([
    ['throws', throws],
    ['rejects', rejects],
  ])('that %s on put answers 503 store_error at the issue', async (_, how) => {
    const simulator = await cloud()
    const { body } = await visitor(site({ ...credentials(simulator), store: failing('put', how) }).app)
      .get('/getcaptcha')
      .expect(503)
    expect(body.code).toBe('store_error')
    expect(body.message).not.toContain('10.0.0.5')
  })

  test.each([
    ['throws', throws],
    ['rejects', rejects],
  ])('that %s on take lets nobody through, with an answer or without', async (_, how) => {
    const simulator = await cloud()
    const agent = visitor(site({ ...credentials(simulator), store: failing('take', how) }).app)
    const answer = await solve(agent, simulator)
    expect((await agent.post('/login').send(answer).expect(503)).body.code).toBe('store_error')
    expect((await agent.post('/login').expect(503)).body.code).toBe('store_error')
    await agent.post('/validate').accept('json').send(answer).expect(503, { result: 'fail', code: 'store_error' })
  })

  test('tells onEvent what it threw', async () => {
    const events: GeetestEvent[] = []
    const simulator = await cloud()
    const store = failing('put', throws)
    await visitor(site({ ...credentials(simulator), store, onEvent: (event) => events.push(event) }).app).get(
      '/getcaptcha',
    )
    expect(events).toContainEqual({ type: 'store', scene: 'default', error: new Error('connection to 10.0.0.5 lost') })
  })

  test('may bring promises of its own: their rejection is a store error as well', async () => {
    const simulator = await cloud()
    const thenable = { then: (_: unknown, reject: (error: Error) => void) => reject(new Error('redis://user:pw@host')) }
    const store = failing('put', () => thenable as never)
    const { body } = await visitor(site({ ...credentials(simulator), store }).app)
      .get('/getcaptcha')
      .expect(503)
    expect(body).toEqual({ code: 'store_error', message: expect.not.stringContaining('redis') })
  })

  test('that never answers is answered for, in time', async () => {
    const simulator = await cloud()
    const store = failing('put', () => new Promise<never>(() => undefined))
    const { app } = site({ ...credentials(simulator), store, timeout: 50 })
    expect((await visitor(app).get('/getcaptcha').expect(503)).body.code).toBe('store_error')
  })

  test('has answered in time where the answer lay unread because this process was stalled', async () => {
    const memory = new MemoryStore()
    const stall = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
    const store: TicketStore = {
      async put(...given) {
        // Ready at once, but read only after the stall, when the deadline is over as well.
        const ready = stat(__filename)
        setImmediate(stall, 100)
        await ready
        memory.put(...given)
      },
      take: (id) => memory.take(id),
    }
    const simulator = await cloud()
    const { app, captcha } = site({ ...credentials(simulator), store, timeout: 50 })
    // Or the deadline would be that of a call to the cloud as well.
    captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    const { challenge } = (await visitor(app).get('/getcaptcha').expect(200)).body as { challenge: string }
    expect(memory.take(challenge.slice(0, 32))).toMatchObject({ challenge })
  })

  test.each([null, 0, 'nothing', [], { kind: 'other' }])(
    'that gives %j for a record gives nothing',
    async (nothing) => {
      const simulator = await cloud()
      const store = failing('take', () => nothing as never)
      const agent = visitor(site({ ...credentials(simulator), store }).app)
      const answer = await solve(agent, simulator)
      expect((await agent.post('/login').send(answer).expect(403)).body.code).toBe('unknown_challenge')
      await agent.post('/login').expect(403)
    },
  )

  test('that only forgets what was taken works as well, in other words', async () => {
    const map = new Map<string, string>()
    const store: TicketStore = {
      put: async (id, record) => void map.set(id, JSON.stringify(record)),
      take: async (id) => {
        const text = map.get(id)
        map.delete(id)
        return text === undefined ? undefined : JSON.parse(text)
      },
    }
    const simulator = await cloud()
    const agent = visitor(site({ ...credentials(simulator), store }).app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('unknown_challenge')
  })

  test('never sees the key, a validate, a seccode or a session id', async () => {
    const seen: unknown[] = []
    const memory = new MemoryStore()
    const store: TicketStore = {
      put: (...a) => {
        seen.push(a)
        memory.put(...a)
      },
      take: (id) => {
        seen.push(id)
        return memory.take(id)
      },
    }
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), store })
    let sessionId = ''
    app.get('/id', (req, res) => {
      sessionId = req.sessionID
      res.end()
    })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.get('/id')
    await agent.post('/validate').send(answer).expect('success')
    await agent.post('/login').expect(200)
    const all = JSON.stringify(seen)
    for (const secret of [simulator.privateKey, answer.geetest_validate, answer.geetest_seccode, sessionId]) {
      expect(all).not.toContain(secret)
    }
  })
})
