// `npm run test:coverage`: the server tests on Express 5, many files in one (__tests__/together/together.ts says why).
const { projects, ...rest } = require('./jest.config.js')

const [express5] = projects
module.exports = {
  ...rest,
  projects: [{ ...express5, displayName: 'coverage', testMatch: ['<rootDir>/__tests__/together/part-*.ts'] }],
}
