// The server tests, many files in one (__tests__/together/together.ts says why): on Express 5, for coverage too, and on Express 4.
const { alone } = require('./__tests__/together/alone.cjs')
const { projects, ...rest } = require('./jest.config.js')

const testMatch = ['together/part-*.ts', ...alone].map((file) => `<rootDir>/__tests__/${file}`)
const together = (name) => ({
  ...projects.find(({ displayName }) => displayName === name),
  displayName: `${name}-together`,
  testMatch,
})
module.exports = { ...rest, projects: [together('express5'), together('express4-all')] }
