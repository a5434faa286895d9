// Where sessions and tickets live: in this process, or with REDIS_URL in a Redis that several processes share.
import type { RequestHandler } from 'express'
import { sessionsInTime, type TicketStore } from 'express-geetest'
import { RedisStore } from 'express-geetest/redis'
import session from 'express-session'
import { sessionSecret } from './environment'

type Environment = Readonly<Record<string, string | undefined>>

export interface Stores {
  readonly sessions: RequestHandler
  /** Undefined: the plugin's own, in memory. */
  readonly tickets: TicketStore | undefined
}

/** Longest wait for Redis, in milliseconds. */
const TIMEOUT = 1000

export async function storesFromEnvironment(env: Environment): Promise<Stores> {
  const settings = {
    secret: sessionSecret(env),
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax' as const },
  }
  if (!env.REDIS_URL) return { sessions: session(settings), tickets: undefined }
  const { createClient, RedisSessions } = await redisPackages()
  const client = createClient({
    url: env.REDIS_URL,
    // While Redis is away a command fails at once: one that waited would be carried out when nobody wants it any more.
    disableOfflineQueue: true,
    commandOptions: { timeout: TIMEOUT },
    // A connection over which nothing comes any more is given up, where nobody asks for anything either.
    pingInterval: 1000,
    // Half a second at most between two attempts to come back.
    socket: { socketTimeout: 5000, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 500) },
  })
  client.on(
    'error',
    onceAway((error) => console.error(`Redis: ${error.message || error.name}; trying again`)),
  )
  await client.connect()
  return {
    sessions: sessionsInTime(session({ ...settings, store: new RedisSessions({ client }) }), { timeout: TIMEOUT }),
    tickets: new RedisStore(client),
  }
}

/** Loaded where they are wanted only: who has no Redis need not install them. */
async function redisPackages() {
  try {
    const [{ createClient }, { RedisStore: RedisSessions }] = await Promise.all([
      import('redis'),
      import('connect-redis'),
    ])
    return { createClient, RedisSessions }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new Error('demo: REDIS_URL needs two packages more; write npm install redis connect-redis@9', {
      cause: error,
    })
  }
}

/** One line a second at most, while a client tries to reconnect. */
function onceAway(say: (error: Error) => void): (error: Error) => void {
  let last = 0
  return (error) => {
    if (Date.now() - last < 1000) return
    last = Date.now()
    say(error)
  }
}
