import assert from 'node:assert'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { shell, typed } from './support/shell.mjs'

rmSync('empty', { recursive: true, force: true })
mkdirSync('empty')
await shell(typed(), { cwd: 'empty' })
assert.deepEqual(Object.keys(JSON.parse(readFileSync('empty/package.json', 'utf8')).dependencies), [
  'express',
  'express-geetest',
  'express-session',
])
