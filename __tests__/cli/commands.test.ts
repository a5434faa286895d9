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
    [['docter'], /there is no command "docter"/],
    [['doctor', '--fast'], /Unknown option '--fast'/],
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
    expect(printed()).toMatch(/outside of any request, the file threw this: listen EADDRINUSE/)
    expect(printed()).toMatch(/^ok +cloud_key/m)
  })

  test('names what is wrong in the environment, and ends with 1', async () => {
    const { ended, printed } = start(['doctor', '--lang', 'en'], { GEETEST_ID: 'short', GEETEST_KEY: 'k' })
    expect(await ended).toEqual([1, null])
    expect(printed()).toMatch(/^problem +options .*\n +write: captchaId: …  \/\/ the 32 hexadecimal digits/m)
  })
})
