import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { geetest, MemoryStore } from '../../lib'
import { createSimulator } from '../../lib/simulator'

const ROOT = join(__dirname, '../..')
const OWN = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }
const PUBLISHED = 'b46d1900d0a894591916ea94ea91bd2c'

describe('in production', () => {
  const { NODE_ENV } = process.env
  beforeAll(() => {
    process.env.NODE_ENV = 'production'
  })
  afterAll(() => {
    process.env.NODE_ENV = NODE_ENV
  })

  // Falls when: a cloud that says yes to everybody starts where it matters, for any reason but an explicit word.
  test.each([undefined, false, null, 0, '', 'false', 'no', 'true', 1, {}])(
    'attack 29: a simulator does not start with allowInProduction %j',
    (allowInProduction) => {
      expect(() => createSimulator({ allowInProduction } as never)).toThrow(/NODE_ENV is production/)
    },
  )

  test('attack 29: the demo does not start without an id and a key', () => {
    const start = () =>
      execFileSync(process.execPath, ['--import', 'tsx', 'demo/server.ts'], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', SESSION_SECRET: 'test' },
        stdio: 'pipe',
        timeout: 50_000,
      })
    expect(start).toThrow(/NODE_ENV is production/)
  })

  // Falls when: whoever wrote no store down learns only from visitors that tickets are not shared.
  test('attack 29: a site that keeps its tickets in one process is told so once', () => {
    const said: unknown[] = []
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation((...all: unknown[]) => void said.push(all[1]))
    for (const store of [new MemoryStore(), undefined, undefined]) geetest({ ...OWN, store }).close()
    warn.mockRestore()
    expect(said).toEqual([expect.objectContaining({ code: 'GEETEST_MEMORY_STORE' })])
  })
})

describe('against a real cloud', () => {
  // Falls when: an id whose key anybody can read guards a login.
  test.each([
    PUBLISHED,
    PUBLISHED.toUpperCase(),
    '7c25da6fe21944cfe507d2f9876775a9',
    '48a6ebac4ebc6642d68c217fca33eb4d',
    '647f5ed2ed8acb4be36784e01556bb71',
    '0'.repeat(32),
    'F'.repeat(32),
  ])('attack 29: the id %s, which is published or no id at all, is refused', (captchaId) => {
    for (const apiServer of [
      undefined,
      'https://api.geevisit.com',
      'https://127.0.0.1.evil.example',
      'https://localhost.example',
    ]) {
      expect(() => geetest({ ...OWN, captchaId, apiServer })).toThrow(/published|placeholder/)
    }
    expect(() => geetest({ ...OWN, captchaId, apiServer: 'http://127.0.0.1:7001' }).close()).not.toThrow()
  })

  test.each(['your_private_key', '<key>', 'YOUR-KEY', 'change-me', 'secret', 'xxxxxxxx', '********', '你的私钥'])(
    'attack 29: the key %j, out of an example, is refused',
    (privateKey) => {
      expect(() => geetest({ ...OWN, privateKey })).toThrow(/placeholder/)
    },
  )
})
