import { ok, problem, type Check } from '../check'

const WRITE = 'app.use(session({ store: new RedisStore({ client }), … }))  // npm install connect-redis'

export const sessionStore: Check = {
  code: 'session_store',
  run: ({ seen, production, subject }) => {
    if (seen === undefined || !seen.hasSession || subject.given !== 'app') return undefined
    return seen.memorySessions && production ? problem('session_store.memory', WRITE) : ok('session_store.ok')
  },
}
