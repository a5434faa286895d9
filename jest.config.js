const { readdirSync, readFileSync } = require('node:fs')
const path = require('node:path')

const swc = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }
const base = {
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/coverage/'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
}
const server = {
  ...base,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/__tests__/browser/',
    '<rootDir>/__tests__/engines/',
    '<rootDir>/__tests__/fuzz/',
    '<rootDir>/__tests__/stranger/',
  ],
}
const fuzz = { ...base, testMatch: ['<rootDir>/__tests__/fuzz/*.test.ts'] }
// Started and stopped once a run: what the tests load is built if it is stale, and one browser serves all files.
const browser = {
  ...base,
  globalSetup: '<rootDir>/__tests__/browser/support/start.ts',
  globalTeardown: '<rootDir>/__tests__/browser/support/stop.ts',
}
const onExpress4 = { moduleNameMapper: { '^express$': 'express4' } }

/** Tests in which Express 4 can differ say so in their first line: `@express4` and what they touch of it (CONTRIBUTING). */
const touchesExpress = readdirSync(path.join(__dirname, '__tests__'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .filter((file) => readFileSync(path.join(__dirname, '__tests__', file), 'utf8').startsWith('/** @express4 '))
  .map((file) => `<rootDir>/__tests__/${file.replaceAll('\\', '/')}`)

module.exports = {
  // A busy machine is no failure: what must be quick is measured by benchmarks.
  testTimeout: 60_000,
  // Of tests in one file that run beside each other: a document's blocks, compilers.
  maxConcurrency: 2,
  reporters: ['default', '<rootDir>/scripts/attack-table.cjs', '<rootDir>/scripts/engine-table.cjs'],
  coverageProvider: 'v8',
  // A file of types alone counts as 0 % in v8 coverage; scripts for the browser are measured by the browser tests.
  collectCoverageFrom: [
    'lib/**/*.ts',
    '!lib/**/*.d.ts',
    '!lib/downtime/provider.ts',
    '!lib/middleware/options.ts',
    '!lib/outage/board.ts',
    '!lib/prometheus/client.ts',
    '!lib/cli/world.ts',
  ],
  coverageThreshold: { global: { lines: 95, branches: 90 } },
  projects: [
    { ...server, displayName: 'express5' },
    { ...server, displayName: 'express4', ...onExpress4, testMatch: touchesExpress },
    // Every server test on Express 4, those above among them; `npm run test:all` has it.
    { ...server, displayName: 'express4-all', ...onExpress4 },
    { ...browser, displayName: 'browser', testMatch: ['<rootDir>/__tests__/browser/*.test.ts'] },
    // One login a page: the part of them that `npm test` runs.
    { ...browser, displayName: 'browser-smoke', testMatch: ['<rootDir>/__tests__/browser/*.smoke.test.ts'] },
    // The same journeys in every engine; each brings its own browser.
    {
      ...base,
      displayName: 'engines',
      testMatch: ['<rootDir>/__tests__/engines/*.test.ts'],
      globalSetup: '<rootDir>/__tests__/engines/support/start.ts',
    },
    {
      ...base,
      displayName: 'stranger',
      testMatch: ['<rootDir>/__tests__/stranger/*.test.ts'],
      globalSetup: '<rootDir>/__tests__/stranger/support/folder.ts',
    },
    { ...fuzz, displayName: 'fuzz-express5' },
    { ...fuzz, displayName: 'fuzz-express4', ...onExpress4 },
  ],
}
