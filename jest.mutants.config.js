const { projects } = require('./jest.config.js')

const [express5] = projects
module.exports = {
  ...express5,
  testTimeout: 60_000,
  // An absolute path, because the mutation tester loads it by itself.
  testEnvironment: require.resolve('./__tests__/mutants/environment.js'),
  testMatch: ['<rootDir>/__tests__/mutants/all.ts'],
}
