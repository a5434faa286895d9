/** @express4 the router of an app, read */
import express, { Router } from 'express'
import { geetest, type GeetestOptions } from '../../lib'
import { english } from '../../lib/cli/words/en'
import { chinese } from '../../lib/cli/words/zh'
import type { Simulator } from '../../lib/simulator'
import { command, deployment, diagnose } from '../support/patient'
import { cloud, credentials, sessions } from '../support/site'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

describe('what the doctor prints', () => {
  test('is a line a finding, with its code and what to write below, and a sum', async () => {
    const { out, code } = await command(['doctor', 'app.js'], {
      file: () => deployment(simulator, { session: { secret: 'keyboard cat' } }),
    })
    expect(out).toMatch(
      /^problem +session_secret +The session secret is .*\n +write: secret: process\.env\.SESSION_SECRET/m,
    )
    expect(out).toMatch(/ 0 to think about, 1 to repair\.$/)
    expect(code).toBe(1)
  })

  test('is JSON for machines, where they ask for it', async () => {
    const { findings, ok } = await diagnose({ file: () => deployment(simulator) })
    expect(ok).toBe(true)
    expect(findings).toContainEqual({ code: 'session', level: 'ok', message: expect.any(String) })
  })

  test.each([
    [{ LC_ALL: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, []],
    [{ LANG: 'zh_TW' }, []],
    [{ LANG: 'en_US.UTF-8' }, ['--lang', 'zh']],
    [{}, ['--lang=zh']],
  ])('is Chinese with %j and %j', async (env, args) => {
    expect((await command(['doctor', ...args], { env })).out).toMatch(/^问题 +options/m)
  })

  test('is English in any other case', async () => {
    expect((await command(['doctor'], { env: { LANG: 'de_DE' } })).out).toMatch(/^problem +options/m)
  })

  test('holds the same sentences and places in both languages', () => {
    const places = (sentences: object) =>
      Object.entries(sentences).map(([name, text]) => [name, [...String(text).matchAll(/\{\w+\}/g)].flat().toSorted()])
    for (const part of ['findings', 'drill', 'report'] as const)
      expect(Object.fromEntries(places(chinese[part]))).toEqual(Object.fromEntries(places(english[part])))
  })

  test.each<[string, Record<string, string>, (() => unknown) | undefined]>([
    [
      'the key in the options',
      {},
      () => ({ options: { ...credentials(simulator), privateKey: 'kept-secret', scene: 'kept-secret' } }),
    ],
    ['the key in the environment', { GEETEST_ID: 'kept-secret', GEETEST_KEY: 'kept-secret' }, undefined],
    ['the session secret', { SESSION_SECRET: 'kept-secret' }, failing],
    ['the password in an address', { REDIS_URL: 'redis://:kept-secret@127.0.0.1:1' }, failing],
  ])('never holds %s', async (_what, env, file) => {
    const { out, findings } = await diagnose({ env, ...(file && { file }) })
    expect(findings.length).toBeGreaterThan(1)
    expect(out).not.toContain('kept-secret')
  })
})

function failing(): never {
  throw new Error('cannot reach redis://:kept-secret@127.0.0.1:1 with kept-secret@')
}

describe('the doctor reads a file', () => {
  const plugin = () => geetest(credentials(simulator))
  test.each<[string, () => unknown, string]>([
    ['an app as default', () => ({ default: deployment(simulator).app }), 'guard'],
    ['an app by name', () => ({ app: deployment(simulator).app }), 'guard'],
    ['module.exports', () => ({ default: deployment(simulator) }), 'guard'],
    ['a function that makes the app', () => ({ createApp: () => Promise.resolve(deployment(simulator).app) }), 'guard'],
    ['the plugin alone', () => ({ captcha: plugin() }), 'getcaptcha'],
    ['the options alone', () => ({ default: credentials(simulator) }), 'getcaptcha'],
  ])('that exports %s', async (_title, file, looksAt) => {
    const { find } = await diagnose({ file })
    expect(find(looksAt)).toEqual(expect.objectContaining({ level: 'ok' }))
  })

  test('and finds plugin and guards in the routers of the app', async () => {
    const captcha = plugin()
    const inner = Router().use(captcha)
    inner.post('/login', captcha.validate(), (_req, res) => void res.end())
    inner.use('/comments', captcha.validate())
    const app = express().use(sessions(), inner)
    const { find } = await diagnose({ file: () => ({ app }) })
    expect(find('guard')?.message).toMatch(/POST \/login, app\.use/)
  })

  test('and calls a route with the plugin where the guard belongs a problem', async () => {
    const captcha = plugin()
    const app = express().use(sessions())
    app.post('/login', captcha, (_req, res) => void res.end())
    app.post('/pay', captcha.validate(), (_req, res) => void res.end())
    const found = (await diagnose({ file: () => ({ app }) })).find('guard')
    expect(found).toMatchObject({ level: 'problem', message: expect.stringMatching(/POST \/login/) })
    expect(found?.message).not.toMatch(/pay/)
  })

  describe('of an app with several plugins', () => {
    const scenes = () => {
      const of = (scene: string) => geetest({ ...credentials(simulator), scene })
      const app = express().use(sessions()).use('/login', of('login')).use('/comment', of('comment'))
      return { app }
    }

    test('and looks at the first one, saying so', async () => {
      const { find } = await diagnose({ file: scenes, args: ['--prefix', '/login'] })
      expect(find('options')?.message).toMatch(/"login"/)
      expect(find('scenes')).toEqual({
        code: 'scenes',
        level: 'warning',
        message: 'Looked at: the scene "login". The app has other plugins, which are not looked at: comment.',
        write: '--scene comment --prefix /comment  # where that one is mounted',
      })
    })

    test('and looks at the one of --scene', async () => {
      const { find } = await diagnose({ file: scenes, args: ['--scene', 'comment', '--prefix', '/comment'] })
      expect(find('options')?.message).toMatch(/"comment"/)
      expect([find('scenes'), find('getcaptcha')?.level]).toEqual([undefined, 'ok'])
    })

    test('and rehearses with the one of --scene', async () => {
      const { drill } = await diagnose({
        file: scenes,
        args: ['--scene', 'comment', '--prefix', '/comment', '--drill'],
      })
      expect(drill?.ok).toBe(true)
    })

    test.each([[], ['--scene', 'default']])('and warns where they share a scene %s', async (...args) => {
      const app = () => express().use(sessions()).use(plugin()).use('/comment', plugin())
      const { find } = await diagnose({ file: () => ({ app: app() }), args })
      expect(find('scenes')).toMatchObject({ level: 'warning', message: expect.stringMatching(/can open the others/) })
    })

    test('and finds the plugin missing where there is none, whatever --scene is', async () => {
      const { find } = await diagnose({ file: () => ({ app: express() }), args: ['--scene', 'register'] })
      expect(find('app')?.message).toMatch(/no geetest\(\) is mounted/)
    })

    test('and names those that there are where none is of --scene', async () => {
      const { find, exit } = await diagnose({ file: scenes, args: ['--scene', 'register'] })
      expect(find('scenes')).toMatchObject({ level: 'problem', message: expect.stringMatching(/login, comment/) })
      expect(exit).toBe(1)
    })
  })

  test('that exports a plugin of another scene than that of --scene, and says so', async () => {
    const { find } = await diagnose({ file: () => ({ captcha: plugin() }), args: ['--scene', 'register'] })
    expect(find('scenes')).toMatchObject({ level: 'problem', message: expect.stringMatching(/default/) })
  })

  test('whose session cookie needs TLS in this process, and visits it so', async () => {
    const { find } = await diagnose({ file: () => deployment(simulator, { trustProxy: '10.0.0.1' }) })
    expect([find('session'), find('trust_proxy')].map((finding) => finding?.level)).toEqual(['ok', 'ok'])
  })
})

describe('--drill', () => {
  const drilled = (options: Partial<GeetestOptions>) =>
    diagnose({ file: () => deployment(simulator, { options }), args: ['--drill'] })

  test('takes a visitor of the app through an outage and out of it', async () => {
    const { drill, exit } = await drilled({})
    expect(drill).toEqual({
      ok: true,
      lines: [
        expect.stringMatching(/^✓ In an outage the visitor gets a challenge of "proof-of-work" within \d+ ms/),
        expect.stringMatching(/solved in \d+ ms/),
        expect.stringMatching(/accepted the answer/),
        expect.stringMatching(/guard let the visitor through/),
        expect.stringMatching(/sent again, was refused/),
        expect.stringMatching(/online challenge/),
      ],
    })
    expect(exit).toBe(0)
  })

  test.each([
    ['failback', 6],
    ['allow', 6],
    ['deny', 3],
  ] as const)('knows what visitors meet with %s', async (downtime, steps) => {
    const { drill } = await drilled({ downtime })
    expect(drill?.ok).toBe(true)
    expect(drill?.lines).toHaveLength(steps)
  })

  test('says that it cannot solve what a provider of the site’s own asks', async () => {
    const { drill } = await drilled({ downtime: { name: 'riddle', issue: () => 'a', verify: () => false } })
    expect(drill).toEqual({
      ok: true,
      lines: expect.arrayContaining([expect.stringMatching(/"riddle" cannot be solved here/)]),
    })
  })

  test('says that it cannot drag the slide of the vendor’s old widget', async () => {
    const { drill } = await drilled({ downtime: 'failback', newCaptcha: false })
    expect(drill?.lines).toContainEqual(expect.stringMatching(/"failback" cannot be solved here/))
  })

  test('fails for a site that gives no challenge in an outage', async () => {
    const { drill, exit } = await diagnose({ file: () => deployment(simulator, { session: false }), args: ['--drill'] })
    expect(drill?.lines[0]).toMatch(/^✗ In an outage GET \/getcaptcha gives no challenge: HTTP 500/)
    expect(exit).toBe(1)
  })

  test('fails for a right answer that is not accepted', async () => {
    const downtime = { name: 'never', script: 'gt-offline', issue: () => '1.1.0', verify: () => false }
    const { drill, exit } = await drilled({ downtime })
    expect(drill?.lines).toContainEqual(expect.stringMatching(/^✗ POST \/validate did not accept/))
    expect(exit).toBe(1)
  })

  test('says where the cloud is really down', async () => {
    await simulator.fault('refuse')
    const { drill } = await drilled({})
    expect(drill?.lines.at(-1)).toMatch(/^✗ .*is the cloud really down\?$/)
  })

  test('needs something to rehearse with', async () => {
    const { drill, exit } = await diagnose({ args: ['--drill'] })
    expect([drill?.ok, exit]).toEqual([false, 1])
  })
})
