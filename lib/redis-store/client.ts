import { GeetestError } from '../errors'
import { ioRedis, type IoRedis } from './ioredis'
import { nodeRedis, type NodeRedis } from './node-redis'
import type { Redis } from './redis'

type Method = (...args: never[]) => unknown
interface Client {
  readonly get: Method
  readonly eval: Method
  readonly on: Method
  readonly duplicate: Method
}

/** A client of node-redis 5 or 6 (`createClient`) or of ioredis 5 or 6 (`Redis` or `Cluster`), by what is used of it. */
export type RedisClient = (Client & { readonly isReady: boolean }) | (Client & { readonly status: string })

/** @throws GeetestError `invalid_option` for anything else, saying what it is and what to write */
export function redisOf(client: unknown): Redis {
  const mistake = mistakeOf(client)
  if (mistake === undefined) return isNodeRedis(client) ? nodeRedis(client) : ioRedis(client as IoRedis)
  throw GeetestError.setup('invalid_option', `RedisStore(client): client is ${mistake}`)
}

const has = (value: object, ...methods: string[]): boolean =>
  methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')

/** Its clusters and pools have no `unref`, and cannot say whether they are connected. */
function isNodeRedis(value: unknown): value is NodeRedis {
  return isObject(value) && typeof value.isReady === 'boolean' && has(value, 'eval', 'evalSha', 'duplicate', 'unref')
}

const isIoRedis = (value: Record<string, unknown>): boolean =>
  typeof value.status === 'string' && has(value, 'call', 'eval', 'evalsha', 'duplicate')

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const MAKE =
  'const client = createClient({ url }) and await client.connect() (package redis), or const client = new Redis(url) (package ioredis)'

/** The common mistakes by name; no address is quoted, because it may carry a password. */
function mistakeOf(client: unknown): string | undefined {
  if (typeof client === 'string' || client instanceof URL) return `an address; write ${MAKE}, and pass the client`
  if (typeof client === 'function') return `a function or class; call it: ${MAKE}`
  if (!isObject(client)) return `${String(client)}; write ${MAKE} before, and pass the client`
  if (isNodeRedis(client) || isIoRedis(client)) return undefined
  if (has(client, 'then')) return 'a promise; await it, and pass the client'
  if (has(client, 'get', 'set', 'destroy') && isObject(client.client)) {
    return 'a session store; pass the client that it was given: new RedisStore(client)'
  }
  if (isObject(client.client)) return 'an object of options; write new RedisStore(client, { prefix })'
  if (has(client, 'sendCommand')) {
    return (
      'a cluster, pool, sentinel or legacy client of node-redis, which cannot say whether a command would wait; ' +
      'write createClient({ url }), or for a cluster new Cluster(nodes) of ioredis'
    )
  }
  return `nothing that can be asked; write ${MAKE}, and pass the client`
}
