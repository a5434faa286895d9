import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(__dirname, '..')
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
