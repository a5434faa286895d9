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

module.exports = {
  // A busy machine is no failure: what must be quick is measured by benchmarks.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/attack-table.cjs'],
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
    { ...server, displayName: 'express4', ...onExpress4 },
    { ...browser, displayName: 'browser', testMatch: ['<rootDir>/__tests__/browser/*.test.ts'] },
    // One login a page: the part of them that `npm test` runs.
    { ...browser, displayName: 'browser-smoke', testMatch: ['<rootDir>/__tests__/browser/*.smoke.test.ts'] },
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
