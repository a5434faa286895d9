import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const tests = join(__dirname, '..')
/** Those have projects of their own. */
const OTHER = /^(browser|fuzz|stranger)\/|node_modules/
const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.test.ts') && !OTHER.test(file),
)
const textOf = (file: string): string => readFileSync(join(tests, file), 'utf8')
/** The import of a value and not of types alone. */
const WIRES = /^import (?!type)[^\n]* from 'express(-session)?'$/m
const SAYS = /^\/\*\* @express[45] \S.* \*\/\n/

describe('which tests run on Express 4 as well', () => {
  test.each(files.filter((file) => WIRES.test(textOf(file))))(
    '%s wires an app by hand, and says in its first line',
    (file) => {
      expect(textOf(file)).toMatch(SAYS)
    },
  )

  test('is said in the first line or nowhere', () => {
    const strays = files.filter((file) => /@express[45] \w+ /.test(textOf(file).replace(SAYS, '')))
    expect(strays.filter((file) => file !== 'project/express4.test.ts')).toEqual([])
  })
})
