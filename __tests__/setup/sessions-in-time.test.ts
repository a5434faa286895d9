/** @express4 sessions, errors and promises */
import express, { type Express } from 'express'
import session from 'express-session'
import request from 'supertest'
import { sessionsInTime } from '../../lib'
import { DEADLINE, passDeadline, stopTimers } from '../support/deadlines'
import { errorsAsJson, visitor } from '../support/site'
import { until } from '../support/world'

stopTimers()

type Method = 'get' | 'set' | 'touch'

/** A store in memory of which each method may be put out of order. */
class Moody extends session.MemoryStore {
  readonly trouble = new Map<Method, 'hangs' | 'fails'>()
  /** How often somebody was left waiting. */
  hung = 0
  readonly #meet = (method: Method, done: ((error?: unknown) => void) | undefined, act: () => void): void => {
    const trouble = this.trouble.get(method)
    if (trouble === undefined) return act()
    if (trouble === 'hangs') this.hung += 1
    else setImmediate(() => done?.(new Error('connection lost')))
  }
  override get = (id: string, done: Parameters<session.MemoryStore['get']>[1]): void =>
    this.#meet('get', done, () => super.get(id, done))
  override set = (id: string, data: session.SessionData, done?: (error?: unknown) => void): void =>
    this.#meet('set', done, () => super.set(id, data, done))
  override touch = (id: string, data: session.SessionData, done?: () => void): void =>
    this.#meet('touch', done, () => super.touch(id, data, done))
}

function open(): { app: Express; store: Moody } {
  const store = new Moody()
  const app = express()
  app.use(
    sessionsInTime(session({ secret: 'test', resave: false, saveUninitialized: false, store }), { timeout: DEADLINE }),
  )
  app.get('/page', (_req, res) => void res.send('a page'))
  app.get('/login', (req, res) => {
    Object.assign(req.session, { account: 'demo', at: Math.random() })
    res.send('in')
  })
  app.get('/save', (req, res, next) => {
    Object.assign(req.session, { at: Math.random() })
    req.session.save((error: unknown) => (error ? next(error) : res.send('saved')))
  })
  app.use(errorsAsJson)
  return { app, store }
}

/** Somebody who has a session, and what their next request gets. */
async function known() {
  const { app, store } = open()
  const agent = visitor(app)
  await agent.get('/login').expect(200, 'in')
  const ask = async (path: string) => {
    const state = { seen: store.hung, over: false }
    const answer = agent.get(path).then(({ status, text }) => {
      state.over = true
      return [status, text] as const
    })
    while (!state.over) {
      await until(() => state.over || store.hung > state.seen)
      state.seen = store.hung
      passDeadline()
    }
    return answer
  }
  return { app, store, ask }
}

const STORE_ERROR = [503, expect.stringContaining('"code":"store_error"')]

let warned: jest.SpyInstance
beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockReturnValue()
})
afterEach(() => warned.mockRestore())
const lines = () => warned.mock.calls.map(([words]) => String(words))

describe.each(['hangs', 'fails'] as const)('a session store that %s', (how) => {
  test('is 503 store_error for whoever brings a session', async () => {
    const { store, ask } = await known()
    store.trouble.set('get', how)
    expect(await ask('/page')).toEqual(STORE_ERROR)
    store.trouble.clear()
    expect(await ask('/page')).toEqual([200, 'a page'])
  })

  test('is nothing to whoever brings none, and gets none', async () => {
    const { app, store } = open()
    for (const method of ['get', 'set', 'touch'] as const) store.trouble.set(method, how)
    await request(app).get('/page').expect(200, 'a page')
  })

  test('holds no answer back behind which it cannot save, and gives no error to a request that is answered', async () => {
    const { store, ask } = await known()
    store.trouble.set('set', how)
    store.trouble.set('touch', how)
    expect(await ask('/page')).toEqual([200, 'a page'])
    expect(await ask('/login')).toEqual([200, 'in'])
  })

  test('is an error for a handler that saves by itself', async () => {
    const { store, ask } = await known()
    store.trouble.set('set', how)
    expect(await ask('/save')).toEqual(STORE_ERROR)
  })

  test('is told of once, with its cause', async () => {
    const { store, ask } = await known()
    store.trouble.set('get', how)
    for (const _time of [1, 2, 3]) await ask('/page')
    const cause = how === 'fails' ? 'connection lost' : `no answer within ${DEADLINE} ms`
    expect(lines()).toEqual([`the session store fails (${cause}): visitors get 503`])
  })
})

// Falls when: the words of a session store go to the log as they came, with the cookie's value in them.
test('what a session store quotes of its question is told without the session’s id', async () => {
  const { store, ask } = await known()
  const ids: string[] = []
  store.trouble.set('get', 'fails')
  store.get = (id, done) => {
    ids.push(id)
    done(new Error(`ERR unknown command 'GETX', with args beginning with: 'sess:${id}'`))
  }
  await ask('/page')
  expect([ids.length, lines()]).toEqual([1, ["the session store fails (ERR unknown command 'GETX'): visitors get 503"]])
})

test.each([[undefined], [{}], ['session']])('sessionsInTime(%j) is refused', (given) => {
  expect(() => sessionsInTime(given as never)).toThrow('write sessionsInTime(session({ … }))')
})

test.each([[{ timeout: 10 }], [{ time: 1000 }]])('options are checked: %j', (options) => {
  expect(() => sessionsInTime(session({ secret: 'x' }), options as never)).toThrow(/^express-geetest: sessionsInTime: /)
})
