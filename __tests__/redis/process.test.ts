import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { clientKinds, describeOnRedis, type ClientKind } from '../support/redis'

const root = join(__dirname, '../..')

/** How each client is made and closed, by a script of its own process. */
const SCRIPTS: Record<ClientKind, { make: string; close: string; unref: string }> = {
  'node-redis 6': {
    make: `require('redis').createClient({ url })`,
    close: 'await client.close()',
    unref: 'client.unref()',
  },
  'node-redis 5': {
    make: `require('redis5').createClient({ url })`,
    close: 'await client.close()',
    unref: 'client.unref()',
  },
  'ioredis 6': {
    make: `new (require('ioredis').Redis)(url, { lazyConnect: true })`,
    close: 'await client.quit()',
    unref: 'client.stream.unref()',
  },
  'ioredis 5': {
    make: `new (require('ioredis5').Redis)(url, { lazyConnect: true })`,
    close: 'await client.quit()',
    unref: 'client.stream.unref()',
  },
}

/** Runs a script in a process of its own, to the end of it: one that does not end by itself is killed, and rejects. */
async function run(kind: ClientKind, port: number, body: string): Promise<string> {
  const { make, close, unref } = SCRIPTS[kind]
  const script = `(async () => {
    const { RedisStore } = require('express-geetest/redis')
    const url = 'redis://127.0.0.1:${port}'
    const client = ${make}
    const store = new RedisStore(client)
    await client.connect()
    const close = async () => { ${close} }
    const unref = () => ${unref}
    ${body}
  })()`
  const options = { cwd: root, encoding: 'utf8', timeout: 50_000 } as const
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], options)
  return stdout.trim()
}

describe.each(clientKinds)('a process with a RedisStore over %s', (kind) => {
  describeOnRedis('in Redis', (server) => {
    test('ends when its client is closed, although somebody still watches the board', async () => {
      const watching = `
        await new Promise((told) => store.watch('topic', told))
        await close()
        console.log('closed')`
      expect(await run(kind, server.port, watching)).toBe('closed')
    })

    test('ends when nothing but its Redis is left, although nobody closes anything', async () => {
      const watching = `
        const held = setInterval(() => undefined, 1000)
        await new Promise((told) => store.watch('topic', told))
        unref()
        clearInterval(held)
        console.log('idle')`
      expect(await run(kind, server.port, watching)).toBe('idle')
    })

    test('survives the loss of its connections without a listener of its own', async () => {
      const losing = `
        await new Promise((told) => store.watch('topic', told))
        process.kill(${server.pid}, 'SIGKILL')
        while (await store.read('topic').then(() => true, () => false)) await new Promise(setImmediate)
        console.log('alive')
        process.exit()`
      expect(await run(kind, server.port, losing)).toContain('alive')
    })
  })
})
