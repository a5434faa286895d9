/** @express5 bundles the Express that is installed */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { version } from '../../package.json'

const root = join(__dirname, '../..')

/** A server that shows what it has, and ends: its scripts, its version upstream, and the simulator's own. */
const SERVER = `
import { createServer } from 'node:http'
import { once } from 'node:events'
import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import { createSimulator } from 'express-geetest/simulator'
import { RedisStore } from 'express-geetest/redis'

async function main() {
  const simulator = createSimulator()
  await simulator.start()
  const { captchaId, privateKey, url: apiServer } = simulator
  const captcha = geetest({ captchaId, privateKey, apiServer })
  const app = express().use(session({ secret: 's', resave: false, saveUninitialized: false }), captcha)
  app.post('/login', captcha.validate(), (req, res) => res.send('Welcome'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = 'http://127.0.0.1:' + server.address().port
  const sizes = {}
  for (const file of ['gt.js', 'gt4.js', 'gt-offline.js', 'gt4-offline.js', 'geetest-form.js'])
    sizes[file] = (await (await fetch(at + '/' + file)).text()).length
  const issued = await fetch(at + '/getcaptcha')
  const { challenge, success } = await issued.json()
  const headers = { cookie: issued.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') }
  const login = await fetch(at + '/login', { method: 'POST', headers, body: new URLSearchParams(simulator.answer(challenge)) })
  console.log(JSON.stringify({ sizes, success, login: await login.text(), sdk: simulator.calls.find(({ params }) => params.sdk)?.params.sdk, store: typeof RedisStore }))
  process.exit(0)
}
main()
`

describe.each([
  ['cjs', 'server.cjs', {}],
  [
    'esm',
    'server.mjs',
    { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  ],
] as const)('a server that esbuild has bundled into one file (%s)', (format, name, banner) => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'geetest-bundled-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('works where there is nothing but that file: scripts, version, login, simulator', async () => {
    const outfile = join(folder, name)
    await build({
      stdin: { contents: SERVER, resolveDir: root, loader: 'js' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format,
      banner,
      outfile,
      logLevel: 'error',
    })
    writeFileSync(join(folder, 'package.json'), '{}')
    const said = JSON.parse(execFileSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8' }))
    expect(said).toMatchObject({ success: 1, login: 'Welcome', sdk: `express-geetest:${version}`, store: 'function' })
    for (const size of Object.values(said.sizes as Record<string, number>)) expect(size).toBeGreaterThan(1000)
  })
})
