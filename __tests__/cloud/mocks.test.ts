/** @express5 the network alone */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describeWith } from '../support/program'

const folder = join(__dirname, '../mocks')
const execute = promisify(execFile)

// Falls when: a part of node:http is held from the time at which this package was loaded. A user's test would ask the vendor's own host.
describeWith(
  existsSync(join(folder, 'node_modules/msw')) ? folder : undefined,
  'calls to the cloud',
  'no msw and nock found: npm run test:sdks installs them',
)('calls to the cloud', () => {
  test.concurrent.each([
    ['msw', 'before'],
    ['msw', 'after'],
    ['nock', 'before'],
    ['nock', 'after'],
    ['nock13', 'after'],
    ['patch', 'after'],
  ])('meet %s that was loaded %s this package, whose answer they take', async (mock, order) => {
    const { stdout } = await execute(process.execPath, [join(folder, 'answered.mjs'), mock, order])
    expect(stdout.trim()).toBe('1')
  })
})
