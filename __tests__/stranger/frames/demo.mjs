import assert from 'node:assert'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { shell, typed } from './support/shell.mjs'

// What git would give to somebody who clones, in a folder where nothing was installed.
const root = dirname(process.env.DOCUMENT)
const clone = mkdtempSync(join(tmpdir(), 'express-geetest-clone-'))
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
for (const file of files.split('\0').filter(Boolean)) cpSync(join(root, file), join(clone, file))
const printed = await shell(typed(), { cwd: clone, env: { PORT: '0' }, until: /http:\/\/localhost:\d+/ })
assert.match(printed, /simulator/)
rmSync(clone, { recursive: true, force: true })
