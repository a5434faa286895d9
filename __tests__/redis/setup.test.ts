import { inspect } from 'node:util'
import { RedisStore as SessionStore } from 'connect-redis'
import { Cluster, Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { createClient, createClientPool, createCluster } from 'redis'
import { createClient as createClient5, createCluster as createCluster5 } from 'redis5'
import { geetest } from '../../lib'
import { RedisStore, type RedisClient } from '../../lib/redis-store'

/** Clients that do not connect before they are asked to. */
const idle = {
  'node-redis 6': createClient(),
  'node-redis 5': createClient5(),
  'ioredis 6': new Redis({ lazyConnect: true }),
  'ioredis 5': new Redis5({ lazyConnect: true }),
  'a cluster of ioredis': new Cluster([{ host: '127.0.0.1' }], { lazyConnect: true }),
} satisfies Record<string, RedisClient>

test.each(Object.entries(idle))('RedisStore accepts %s', (_, client) => {
  expect(new RedisStore(client)).toBeInstanceOf(RedisStore)
})

test('the plugin accepts a RedisStore', () => {
  const store = new RedisStore(idle['node-redis 6'])
  expect(() => geetest({ captchaId: 'a'.repeat(32), privateKey: 'k', store }).close()).not.toThrow()
})

describe('RedisStore refuses', () => {
  test.each<[string, unknown, RegExp]>([
    ['an address', 'redis://:hunter2@10.0.0.5', /client is an address; write const client = createClient\(/],
    ['a URL', new URL('redis://:hunter2@10.0.0.5'), /client is an address; write/],
    ['nothing', undefined, /client is undefined; write const client/],
    ['null', null, /client is null; write const client/],
    ['createClient itself', createClient, /client is a function or class; call it/],
    ['the class of ioredis', Redis, /client is a function or class; call it/],
    ['a client to come', Promise.resolve(idle['node-redis 6']), /client is a promise; await it/],
    ['a session store', new SessionStore({ client: createClient() }), /client is a session store; pass the client/],
    [
      'options',
      { client: createClient() },
      /client is an object of options; write new RedisStore\(client, \{ prefix \}\)/,
    ],
    ['a cluster of node-redis 6', createCluster({ rootNodes: [{}] }), /cannot say .* new Cluster\(nodes\) of ioredis/],
    ['a cluster of node-redis 5', createCluster5({ rootNodes: [{}] }), /cannot say .* write createClient\(\{ url \}\)/],
    ['a pool of node-redis', createClientPool(), /client is a cluster, pool, sentinel or legacy client/],
    [
      'a callback client of node-redis',
      createClient().legacy(),
      /client is a cluster, pool, sentinel or legacy client/,
    ],
    ['a map', new Map(), /client is nothing that can be asked; write const client/],
    ['an array', [], /client is nothing that can be asked/],
  ])('%s as client', (_, client, words) => {
    const make = () => new RedisStore(client as RedisClient)
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(words) }))
    expect(make).not.toThrow('hunter2')
  })

  test.each<[object, RegExp]>([
    [{ prefix: '' }, /RedisStore: option prefix is ""; write letters, digits and :\._\/-/],
    [{ prefix: 'with blank ' }, /prefix is "with blank "/],
    [{ prefix: '{tag}:' }, /prefix is "\{tag\}:"/],
    [{ prefix: 5 }, /prefix is 5;/],
    [{ timeout: 5 }, /timeout is 5; write a whole number from 50 to 30000: milliseconds/],
    [{ timeout: '1s' }, /timeout is "1s"/],
    [{ keyPrefix: 'app:' }, /there is no option "keyPrefix"; the options are prefix, timeout/],
    [{ prefx: 'app:' }, /there is no option "prefx"; did you mean prefix\?/],
  ])('%j as options', (options, words) => {
    const make = () => new RedisStore(idle['node-redis 6'], options)
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(words) }))
  })
})

/** A client that lacks one method, as another version or a wrapper might. */
const without = (client: object, method: string): RedisClient =>
  Object.create(client, { [method]: { value: undefined } }) as RedisClient

describe('RedisStore judges a client by everything that it will ever ask of it:', () => {
  // node-redis 4 has `disconnect` where 5 has `destroy`: found out at close(), it would end the process.
  test('node-redis 4 is refused by its name', () => {
    expect(() => new RedisStore(without(idle['node-redis 6'], 'destroy'))).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringMatching(/client is of node-redis 4 or older, .* write npm install redis@6/),
      }),
    )
  })

  test.each([
    ...['get', 'eval', 'evalSha', 'duplicate', 'on', 'off', 'listeners', 'connect', 'subscribe'].map(
      (method) => ['node-redis 6', method] as const,
    ),
    ...['get', 'eval', 'evalsha', 'duplicate', 'on', 'off', 'subscribe', 'disconnect'].map(
      (method) => ['ioredis 6', method] as const,
    ),
  ])('%s without %s() is refused', (name, method) => {
    expect(() => new RedisStore(without(idle[name], method))).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(`without ${method}()`) }),
    )
  })
})

test('a RedisStore that is inspected shows no password of its client', () => {
  const client = createClient({ url: 'redis://:hunter2@127.0.0.1' })
  expect(inspect(new RedisStore(client), { depth: 20, showHidden: true })).not.toContain('hunter2')
})

test('many stores on one client add one listener to it', () => {
  const client = createClient()
  for (let i = 0; i < 20; i++) expect(new RedisStore(client)).toBeInstanceOf(RedisStore)
  expect(client.listenerCount('error')).toBe(1)
})
