import { testBlock } from './support/jest.mjs'

await testBlock()
