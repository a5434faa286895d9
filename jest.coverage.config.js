// `npm run test:coverage`: the server tests on Express 5, many files in one (__tests__/together/together.ts says why).
const { alone } = require('./__tests__/together/alone.cjs')
const { projects, ...rest } = require('./jest.config.js')

const [express5] = projects
const testMatch = ['together/part-*.ts', ...alone].map((file) => `<rootDir>/__tests__/${file}`)
module.exports = { ...rest, projects: [{ ...express5, displayName: 'coverage', testMatch }] }
