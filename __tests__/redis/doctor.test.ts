import { symlinkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diagnose } from '../support/patient'
import { describeOnRedis } from '../support/redis'

describeOnRedis('the doctor on Redis', (server) => {
  const look = (cwd?: string) =>
    diagnose({ env: { REDIS_URL: `redis://127.0.0.1:${server.port}` }, ...(cwd && { cwd }) })

  test('finds it, in the order in which challenges are kept until they expire', async () => {
    const { find } = await look()
    expect([find('redis')?.level, find('redis_eviction')?.level]).toEqual(['ok', 'ok'])
  })

  test.each([
    ['0', /once it has, allkeys-lru/],
    ['100mb', /A full Redis throws away challenges/],
  ])('names a policy that throws challenges away, with maxmemory %s', async (maxmemory, words) => {
    await server.send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', maxmemory)
    const { find } = await look()
    expect(find('redis_eviction')).toEqual({
      code: 'redis_eviction',
      level: 'warning',
      message: expect.stringMatching(words),
      write: 'CONFIG SET maxmemory-policy volatile-ttl',
    })
  })

  test('asks over ioredis where that is what the site has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'geetest-doctor-'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(__dirname, '../../node_modules/ioredis'), join(folder, 'node_modules/ioredis'))
    const { find } = await look(folder)
    rmSync(folder, { recursive: true })
    expect(find('redis')?.level).toBe('ok')
  })

  test('gives up on one that does not answer', async () => {
    server.freeze()
    const { find } = await diagnose({ env: { REDIS_URL: `redis://127.0.0.1:${server.port}` }, patience: 500 })
    server.thaw()
    expect(find('redis')).toEqual(
      expect.objectContaining({ level: 'problem', write: expect.stringMatching(/^REDIS_URL=/) }),
    )
  })
})
