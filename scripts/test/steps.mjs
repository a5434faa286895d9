// The table of what is run, in order. `npm test` runs the quick steps, `npm run test:all` the whole ones.
//   cores    1: another step of one core may run beside it; 'all': it has the machine for itself
//   after    steps that must have ended before
//   expected seconds on two cores, until a run on this machine has measured it
//   covers   a quick step whose promises it has as well: with --rest it leaves out what that has just run, or is left out
//   setUp    run again by every command, because it costs nothing where there is nothing to do
const npm = (script) => ['npm', 'run', '--silent', script]
const jest = (...args) => [process.execPath, 'node_modules/jest/bin/jest.js', '--maxWorkers=100%', ...args]
const fuzz = (cases) => [process.execPath, 'scripts/fuzz.mjs', String(cases)]

/** Fixed, so that a quick run never depends on luck; the long one takes a new seed each time. */
const SHORT_FUZZ = { FUZZ_SEED: '20261125', FUZZ_CASES: '', FUZZ_PATH: '' }

/** Floods as large as they are promised; a quick run has a tenth of them, and so has Express 4, which takes no part in them. */
const FULL = { TEST_SIZE: 'full' }

/** Cheap checks, for both commands. The longest first, so that the shorter ones fill the other core. */
const checks = [
  {
    id: 'build',
    title: 'build, where sources are newer',
    command: npm('build:needed'),
    cores: 1,
    expected: 4,
    setUp: true,
  },
  { id: 'format', title: 'format', command: npm('check:format'), cores: 1, expected: 20 },
  { id: 'package', title: 'package checks', command: npm('check:package'), cores: 1, after: ['build'], expected: 18 },
  { id: 'lint', title: 'lint', command: npm('check:lint'), cores: 1, after: ['build'], expected: 18 },
  { id: 'types', title: 'types', command: npm('check:types'), cores: 1, after: ['build'], expected: 14 },
  { id: 'es5', title: 'ES5 gate', command: npm('check:es5'), cores: 1, after: ['build'], expected: 3 },
  { id: 'sdks', title: "vendor's SDKs and frameworks", command: npm('test:sdks'), cores: 1, expected: 10, setUp: true },
]

export const quick = [
  ...checks,
  {
    id: 'server',
    title: 'server on Express 5',
    command: jest('--selectProjects', 'express5'),
    cores: 'all',
    expected: 140,
  },
  {
    id: 'express4',
    title: 'server on Express 4, where it can differ',
    command: jest('--selectProjects', 'express4'),
    cores: 'all',
    expected: 30,
  },
  {
    id: 'fuzz',
    title: 'fuzz, 20,000 cases of one seed',
    command: fuzz(20_000),
    env: SHORT_FUZZ,
    cores: 'all',
    expected: 15,
  },
  {
    id: 'browser',
    title: 'browser, one login a page',
    command: jest('--selectProjects', 'browser-smoke'),
    cores: 'all',
    expected: 30,
  },
]

export const whole = [
  ...checks,
  {
    id: 'coverage',
    title: 'server on Express 5, with coverage',
    command: npm('test:coverage'),
    env: FULL,
    cores: 'all',
    expected: 170,
  },
  {
    id: 'express4-all',
    title: 'server on Express 4, all',
    command: jest('--selectProjects', 'express4-all'),
    cores: 'all',
    expected: 150,
    covers: { id: 'express4', project: 'express4' },
  },
  { id: 'fuzz-long', title: 'fuzz, 100,000 cases of a new seed', command: fuzz(100_000), cores: 'all', expected: 60 },
  { id: 'soak', title: 'soak, small', command: npm('soak:small'), cores: 'all', expected: 70 },
  {
    id: 'browser-all',
    title: 'browser, all',
    command: jest('--selectProjects', 'browser'),
    cores: 'all',
    expected: 240,
    covers: { id: 'browser', project: 'browser-smoke' },
  },
  {
    id: 'engines',
    title: 'journeys in every engine',
    command: jest('--selectProjects', 'engines'),
    cores: 'all',
    expected: 120,
  },
  {
    id: 'stranger',
    title: 'packed tarball and documents',
    command: jest('--selectProjects', 'stranger'),
    cores: 'all',
    expected: 70,
  },
]

/** Where `npm test -- guard` runs the files of a folder of `__tests__`, in this order. */
export const PROJECTS = [
  { project: 'express5', folder: 'server' },
  { project: 'express4-all', folder: 'server' },
  { project: 'browser', folder: 'browser' },
  { project: 'engines', folder: 'engines' },
  { project: 'stranger', folder: 'stranger' },
  { project: 'fuzz-express5', folder: 'fuzz' },
  { project: 'fuzz-express4', folder: 'fuzz' },
]
