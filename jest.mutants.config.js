const { projects } = require('./jest.config.js')

const [express5] = projects
module.exports = { ...express5, testMatch: ['<rootDir>/__tests__/mutants/all.ts'] }
