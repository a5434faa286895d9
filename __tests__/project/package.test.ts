import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import request from 'supertest'
import { start } from '../support/process'
import { cloud } from '../support/site'

const root = join(__dirname, '../..')
const run = (...flags: string[]): string =>
  execFileSync(process.execPath, flags, { cwd: root, encoding: 'utf8' }).trim()

const DOORS = [
  'express-geetest',
  'express-geetest/simulator',
  'express-geetest/redis',
  'express-geetest/store-contract',
  'express-geetest/prometheus',
]

describe.each(DOORS)('%s', (name) => {
  test('gives the same things to import and to require, one instance of each', () => {
    const script = `
      import { createRequire } from 'node:module'
      import * as esm from '${name}'
      const cjs = createRequire(import.meta.url)('${name}')
      const names = [...new Set([...Object.keys(esm), ...Object.keys(cjs)])].filter((name) => name !== 'module.exports')
      console.log(names.filter((name) => esm[name] !== cjs[name]).join() || 'all the same')`
    expect(run('--input-type=module', '-e', script)).toBe('all the same')
  })
})

test('the package serves its scripts from where it was built', () => {
  const script = `
    const { geetest } = require('express-geetest')
    geetest({ captchaId: 'a'.repeat(32), privateKey: 'k' })
    console.log('constructed')`
  expect(run('-e', script)).toBe('constructed')
})

interface Manifest {
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly version: string
}

/** An empty folder with this package in it as npm would install it: packed, with its dependencies and peers, and nothing else. */
function install(): { folder: string; manifest: Manifest } {
  const folder = mkdtempSync(join(tmpdir(), 'geetest-installed-'))
  const modules = join(folder, 'node_modules')
  const own = join(modules, 'express-geetest')
  mkdirSync(own, { recursive: true })
  // Without scripts: a build would take dist/ from under the other tests.
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim()
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', own, '--strip-components', '1'])
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Manifest
  const link = (to: string, at: string): void => {
    mkdirSync(dirname(at), { recursive: true })
    symlinkSync(to, at)
  }
  for (const name of [...Object.keys(manifest.dependencies), 'express', 'express-session'])
    link(join(root, 'node_modules', name), join(modules, name))
  for (const [name, file] of Object.entries(manifest.bin)) link(join(own, file), join(modules, '.bin', name))
  return { folder, manifest }
}

describe('installed from its tarball, without anything else', () => {
  const NPX = ['npx', '--no-install', 'express-geetest']
  let installed: ReturnType<typeof install>
  beforeAll(() => {
    installed = install()
  }, 60_000)
  afterAll(() => rmSync(installed.folder, { recursive: true, force: true }))

  test('npx express-geetest tells its version', async () => {
    const { ended, printed } = start(['--version'], {}, installed.folder, NPX)
    expect(await ended).toEqual([0, null])
    expect(printed().trim()).toBe(installed.manifest.version)
  })

  test('npx express-geetest demo logs a visitor in', async () => {
    const simulator = await cloud()
    const { captchaId, privateKey, url } = simulator
    const env = { GEETEST_ID: captchaId, GEETEST_KEY: privateKey, GEETEST_API_SERVER: url }
    const { says } = start(['demo', '--port', '0'], env, installed.folder, NPX)
    const agent = request.agent(`http://127.0.0.1:${await says(/http:\/\/localhost:(\d+)/)}`)
    const { body } = await agent.get('/getcaptcha').expect(200)
    await agent
      .post('/login')
      .send({ ...simulator.answer(body.challenge), username: 'demo', password: 'demo' })
      .expect(200, { result: 'success' })
  })

  test('npx express-geetest demo says what REDIS_URL needs', async () => {
    const { ended, printed } = start(
      ['demo', '--port', '0'],
      { REDIS_URL: 'redis://127.0.0.1:1' },
      installed.folder,
      NPX,
    )
    expect(await ended).toEqual([1, null])
    expect(printed()).toMatch(/npm install redis connect-redis/)
  })

  test('without Express the command says what to install', async () => {
    rmSync(join(installed.folder, 'node_modules', 'express'))
    const { ended, printed } = start(['doctor'], {}, installed.folder, NPX)
    expect(await ended).toEqual([1, null])
    expect(printed()).toMatch(/express is not installed here; write npm install express express-session/)
  })
})
