import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import request from 'supertest'
import { version } from '../../package.json'
import { command, serve } from '../support/patient'
import { start } from '../support/process'
import { cloud } from '../support/site'

const root = join(__dirname, '../..')

describe('the command line', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']], [['doctor', '--help']]])('%j prints help', async (args) => {
    const { code, out } = await command(args, { env: {} })
    expect(out).toMatch(/npx express-geetest demo .*npx express-geetest simulator .*npx express-geetest doctor /s)
    expect(code).toBe(0)
  })

  test('--help speaks Chinese to who asks for it', async () => {
    expect((await command(['--help', '--lang', 'zh'], { env: {} })).out).toMatch(/检查部署/)
  })

  test.each([
    [['docter'], /there is no command "docter"; did you mean doctor\?/],
    [['sim'], /there is no command "sim"; did you mean simulator\?/],
    [['start'], /there is no command "start"; the commands are demo, simulator, doctor/],
    [['doctor', '--fast'], /Unknown option '--fast'; the options are --url, --prefix/],
    [['doctor', '--drll'], /Unknown option '--drll'; did you mean --drill\?/],
    [['demo', '--prot', '5001'], /Unknown option '--prot'; did you mean --port\?/],
    [['simulator', '--ports=1'], /Unknown option '--ports'; did you mean --port\?/],
    [['demo', '--port'], /--port needs a value behind it/],
    [['doctor', '--url', '--drill'], /--url needs a value behind it/],
    [['doctor', '--drill=yes'], /--drill takes no value/],
    [['doctor', '--page', 'login'], /--page is "login"; write a path, such as \/login/],
    [['demo', '--prot', '1', '--lang', 'zh'], /没有 '--prot' 这个选项；是否想写 --port？/],
    [['docter', '--lang', 'zh'], /没有 "docter" 这个命令；是否想写 doctor？/],
    [['simulator', '--port', 'x', '--lang', 'zh'], /--port 为 "x"；请写 0 到 65535 之间的数/],
    [['doctor', '--url', 'my.site'], /--url is "my\.site"; write an address with its scheme/],
    [['doctor', '--prefix', 'captcha'], /--prefix is "captcha"; write a path, such as \/captcha/],
    [['doctor', 'a.js', 'b.js'], /one file at most, not a\.js b\.js/],
    [['doctor', '--lang', 'fr'], /--lang is fr; write zh or en/],
    [['demo', '--port', 'http'], /--port is "http"; write a number from 0 to 65535/],
    [['demo', 'app.js'], /demo takes no file/],
    [['simulator', '--port', '70000'], /--port is "70000"/],
    [['simulator', '--endpoint', 'validate'], /write --fault before it/],
    [['simulator', 'app.js'], /simulator takes no file/],
  ])('%j is refused with 2, what is wrong, and help', async (args, words) => {
    const { code, err } = await command(args, { env: {} })
    expect(err).toMatch(words)
    expect(err).toMatch(/npx express-geetest doctor/)
    expect(err).not.toMatch(/positional|ERR_/)
    expect(code).toBe(2)
  })

  test('--version is that of the package', async () => {
    expect((await command(['--version'])).out).toBe(version)
  })
})

describe('simulator', () => {
  const ID = '0123456789abcdef0123456789abcdef'

  test('runs the cloud for the id that it is given, prints what to write, and ends with 0 when it is told to', async () => {
    const { child, says, printed, ended } = start(['simulator', '--port', '0', '--id', ID, '--key', 'k'])
    const url = await says(/GEETEST_API_SERVER=(.*)\n[^]*geetest\(/)
    expect(printed()).toMatch(/GEETEST_ID=0123456789abcdef0123456789abcdef\n +GEETEST_KEY=k\n/)
    const { body } = await request(url).get(`/register.php?gt=${ID}&json_format=1`).expect(200)
    expect(body).toEqual({ challenge: expect.stringMatching(/^[0-9a-f]{32}$/) })
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  test('runs a program that finds the cloud in its environment, and ends with it and its exit code', async () => {
    const script = `fetch(process.env.GEETEST_API_SERVER + '/register.php?gt=' + process.env.GEETEST_ID).then(
      async (reply) => { console.log('register:', await reply.text(), process.env.SESSION_SECRET); process.exitCode = 7 })`
    const { printed, ended } = start(['simulator', '--port', '0', '--', process.execPath, '-e', script])
    expect(await ended).toEqual([7, null])
    expect(printed()).toMatch(/register: [0-9a-f]{32} [0-9a-f]{32}/)
  })

  test('ends the program that it runs when it is told to end', async () => {
    const script = `process.on('SIGTERM', () => { console.log('told'); process.exit(0) }); setInterval(console.log, 1e6, ''); console.log('runs')`
    const { child, says, printed, ended } = start(['simulator', '--port', '0', '--', process.execPath, '-e', script])
    await says(/(runs)/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(printed()).toMatch(/told/)
  })

  test('runs a program all the same where its usual port is taken, and fills in a session secret that is empty', async () => {
    const taken = await serve((_req, res) => void res.end())
    const seen: Record<string, string>[] = []
    const run = (_program: readonly string[], env: Record<string, string>) => {
      seen.push(env)
      return Promise.resolve(0)
    }
    const started = await command(['simulator', '--', 'node', 'app.mjs'], {
      env: { SESSION_SECRET: '' },
      run,
      usualPort: taken,
    })
    expect([started.code, started.err]).toEqual([
      0,
      expect.stringMatching(new RegExp(`port ${taken} is in use; this one is at port \\d+`)),
    ])
    expect(seen).toEqual([
      expect.objectContaining({
        SESSION_SECRET: expect.stringMatching(/^[0-9a-f]{32}$/),
        GEETEST_API_SERVER: expect.not.stringContaining(`:${taken}`),
      }),
    ])
  })

  test('lists its faults in its help', async () => {
    const { out } = await command(['simulator', '--help'], { env: {} })
    expect(out).toMatch(/Faults \(--fault\): hang, slow, .*429/)
  })

  test('says so where there is no such program', async () => {
    const { printed, ended } = start(['simulator', '--port', '0', '--', 'no-such-program-here'])
    expect(await ended).toEqual([1, null])
    expect(printed()).toMatch(/no-such-program-here/)
  })

  test('starts with a fault', async () => {
    const { says } = start(['simulator', '--port', '0', '--fault', '502', '--endpoint', 'validate'])
    const url = await says(/GEETEST_API_SERVER=(.*)\n/)
    await request(url).post('/validate.php').expect(502)
    await request(url).get(`/register.php?gt=${ID}`).expect(200)
  })

  test.each<[string[], Record<string, string>, RegExp]>([
    [['--fault', 'sleep'], {}, /there is no fault "sleep"; write one of none, hang/],
    [['--id', 'f'], {}, /captcha id "f" cannot be one; write 32 hexadecimal digits/],
  ])('%j is refused with 1 and what to write', async (args, env, words) => {
    const { code, err } = await command(['simulator', '--port', '0', ...args], { env })
    expect(err).toMatch(words)
    expect(code).toBe(1)
  })

  test('does not run in production', async () => {
    const { ended, printed } = start(['simulator', '--port', '0'], { NODE_ENV: 'production' })
    expect(await ended).toEqual([1, null])
    expect(printed()).toMatch(/NODE_ENV is production/)
  })

  test('says which other port to write where one is in use', async () => {
    const port = await serve((_req, res) => void res.end())
    const { code, err } = await command(['simulator', '--port', String(port)], { env: {} })
    expect(err).toBe(`simulator: port ${port} is in use; write another, such as --port ${port + 1}`)
    expect(code).toBe(1)
  })
})

describe('demo', () => {
  test('ends with 1 and one sentence where its port is taken, which says what to write', async () => {
    const port = await serve((_req, res) => void res.end())
    const { ended, printed } = start(['demo', '--port', String(port)])
    expect(await ended).toEqual([1, null])
    expect(printed().trim().split('\n').slice(-1)).toEqual([
      `demo: port ${port} is in use; write another: npx express-geetest demo --port ${port + 1}`,
    ])
    expect(printed()).not.toMatch(/^ +at /m)
  })

  test('says what to write where it was started by its script', async () => {
    const port = await serve((_req, res) => void res.end())
    const { ended, printed } = start(['demo'], { PORT: String(port), npm_lifecycle_event: 'demo' })
    expect(await ended).toEqual([1, null])
    expect(printed()).toContain(`write another: PORT=${port + 1} npm run demo\n`)
  })

  test('serves the login page from what was built, on the port that it is given', async () => {
    const { says } = start(['demo', '--port', '0'])
    const port = await says(/http:\/\/localhost:(\d+)/)
    const { text } = await request(`http://127.0.0.1:${port}`).get('/').expect(200)
    expect(text).toMatch(/<title>/)
    await request(`http://127.0.0.1:${port}`).get('/getcaptcha').expect(200)
  })
})

describe('doctor', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(root, '__tests__', 'tmp-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each([
    ['app.cjs', "const { geetest } = require('express-geetest')\nmodule.exports = { captcha: geetest(OPTIONS) }"],
    ['app.mjs', "import { geetest } from 'express-geetest'\nexport const captcha = geetest(OPTIONS)"],
  ])('loads %s, looks at it, and ends although the file listens', async (name, text) => {
    const { captchaId, privateKey, url: apiServer } = await cloud()
    const options = JSON.stringify({ captchaId, privateKey, apiServer })
    writeFileSync(join(folder, name), `${text.replace('OPTIONS', options)}\nsetInterval(() => {}, 1000)\n`)
    const { ended, printed } = start(['doctor', name, '--json'], {}, folder)
    expect(await ended).toEqual([0, null])
    const report = JSON.parse(printed()) as { findings: { code: string; level: string }[] }
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'cloud_key', level: 'ok' }))
  })

  test('goes on where the file listens on a port that is in use', async () => {
    const port = await serve((_req, res) => void res.end())
    const { captchaId, privateKey, url: apiServer } = await cloud()
    const text = `exports.options = ${JSON.stringify({ captchaId, privateKey, apiServer })}
      require('node:http').createServer().listen(${port}, '127.0.0.1')`
    writeFileSync(join(folder, 'listens.cjs'), text)
    const { ended, printed } = start(['doctor', 'listens.cjs', '--lang', 'en'], {}, folder)
    expect(await ended).toEqual([0, null])
    expect(printed()).not.toMatch(/EADDRINUSE/)
    expect(printed()).toMatch(/^ok +cloud_key/m)
  })

  test('looks at an app whose file listens, prints and throws, without its port, and shows what it printed behind the report', async () => {
    const port = await serve((_req, res) => void res.end())
    const { captchaId, privateKey, url: apiServer } = await cloud()
    const text = `import express from 'express'
      import session from 'express-session'
      import { geetest } from 'express-geetest'
      export const app = express()
      const captcha = geetest(${JSON.stringify({ captchaId, privateKey, apiServer })})
      app.use(session({ secret: 'long enough, and in no book', resave: false, saveUninitialized: false }), captcha)
      app.post('/login', captcha.validate(), (req, res) => res.send('Welcome'))
      app.listen(${port}, (error) => {
        if (error) process.exit(1)
        console.log('said by the site')
        setImmediate(() => { throw new Error('thrown by the site') })
      })`
    writeFileSync(join(folder, 'readme.mjs'), text)
    const { ended, printed } = start(['doctor', 'readme.mjs', '--drill', '--lang', 'en'], {}, folder)
    expect(await ended).toEqual([0, null])
    expect(printed()).toMatch(/^ok +guard +Guarded: POST \/login/m)
    expect(printed()).toMatch(/outside of any request, the file threw this: thrown by the site/)
    expect(printed()).toMatch(
      /0 to repair\.\n\nPrinted by the site meanwhile:\n {2}said by the site\n {2}.*counts as down \(forced: doctor --drill\)/,
    )
  })

  test('prints JSON and nothing else on its output, whatever the site prints', async () => {
    const { captchaId, privateKey, url: apiServer } = await cloud()
    const text = `console.log('said by the site'); exports.options = ${JSON.stringify({ captchaId, privateKey, apiServer })}`
    writeFileSync(join(folder, 'talks.cjs'), text)
    const { child, ended } = start(['doctor', 'talks.cjs', '--json'], {}, folder)
    let out = ''
    child.stdout?.on('data', (part: Buffer) => (out += part.toString()))
    expect(await ended).toEqual([0, null])
    expect(JSON.parse(out)).toMatchObject({ ok: true })
  })

  test('shows no stack traces of a site that answers with an error', async () => {
    const { captchaId, privateKey, url: apiServer } = await cloud()
    const text = `const express = require('express')
      const { geetest } = require('express-geetest')
      exports.app = express().use(geetest(${JSON.stringify({ captchaId, privateKey, apiServer })}))`
    writeFileSync(join(folder, 'bare.cjs'), text)
    const { ended, printed } = start(['doctor', 'bare.cjs', '--lang', 'en'], {}, folder)
    expect(await ended).toEqual([1, null])
    expect(printed()).not.toMatch(/^ +at /m)
    expect(printed()).toMatch(/answers 500: express-geetest: there is no req\.session with an id\.\n/)
    expect(printed()).toMatch(/curl -i http:\/\/localhost:3000\/getcaptcha {2}# while the site runs/)
  })

  test('names what is wrong in the environment, and ends with 1', async () => {
    const { ended, printed } = start(['doctor', '--lang', 'en'], { GEETEST_ID: 'short', GEETEST_KEY: 'k' })
    expect(await ended).toEqual([1, null])
    expect(printed()).toMatch(/^problem +options .*\n +write: captchaId: …  \/\/ the 32 hexadecimal digits/m)
  })
})
