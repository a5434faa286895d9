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

/** All that is ever called, on the client or on the duplicate of it that subscribes: what is missing must not show in the middle of a night. */
const BOTH = ['get', 'eval', 'duplicate', 'subscribe', 'on', 'off'] as const
const NODE_REDIS = [...BOTH, 'evalSha', 'listeners', 'connect', 'unref', 'destroy'] as const
const IO_REDIS = [...BOTH, 'evalsha', 'disconnect'] as const

/** Its clusters and pools have no `unref`, and cannot say whether they are connected. */
const isNodeRedis = (value: unknown): value is NodeRedis =>
  isObject(value) && isNodeRedisLike(value) && has(value, ...NODE_REDIS)

const isIoRedis = (value: Record<string, unknown>): boolean => isIoRedisLike(value) && has(value, ...IO_REDIS)

const isNodeRedisLike = ({ isReady, isOpen }: Record<string, unknown>): boolean =>
  typeof isReady === 'boolean' && typeof isOpen === 'boolean'
const isIoRedisLike = (value: Record<string, unknown>): boolean =>
  typeof value.status === 'string' && has(value, 'call')

/** What a client that looks right cannot do. */
function lackOf(client: Record<string, unknown>): string | undefined {
  const names = isNodeRedisLike(client) ? NODE_REDIS : isIoRedisLike(client) ? IO_REDIS : []
  return names.find((name) => !has(client, name))
}

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
  const lack = lackOf(client)
  if (isNodeRedisLike(client) && lack === 'destroy') {
    return `of node-redis 4 or older, which has no ${lack}(); write npm install redis@6 (5 will do), and ${MAKE}`
  }
  if (lack !== undefined && !(has(client, 'sendCommand') && lack === 'unref')) {
    return `a Redis client without ${lack}(), which is needed; write ${MAKE}, of node-redis 5 or 6 or ioredis 5 or 6`
  }
  if (has(client, 'sendCommand')) {
    return (
      'a cluster, pool, sentinel or legacy client of node-redis, which cannot say whether a command would wait; ' +
      'write createClient({ url }), or for a cluster new Cluster(nodes) of ioredis'
    )
  }
  return `nothing that can be asked; write ${MAKE}, and pass the client`
}
