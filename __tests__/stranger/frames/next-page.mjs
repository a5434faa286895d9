import assert from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { built } from './support/next.mjs'

const folder = built(readFileSync(process.env.BLOCK, 'utf8'))
assert.match(readFileSync(join(folder, '.next/server/app/index.html'), 'utf8'), /<form data-geetest=""/)
