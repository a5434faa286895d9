import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The floors of the house, from the ground up. A room is a file of lib/ or a folder of it. Arrows go down. */
const FLOORS = [
  [
    'errors',
    'digest',
    'answer',
    'origin',
    'version',
    'tickets',
    'outage',
    'http',
    'random',
    'network',
    'network-tree',
    'later',
    'trouble',
  ],
  ['nodes', 'rules', 'store-call', 'memory-store', 'downtime', 'cloud', 'bypass', 'fairness'],
  ['options', 'claims', 'events', 'timed-cloud', 'health', 'telling'],
  ['captcha', 'sharing', 'redis-store', 'store-contract', 'prometheus'],
  ['core', 'client'],
  ['middleware'],
  ['index'],
]
/** Beside the house: of it, the simulator may use the digests alone. */
const SIMULATOR = 'simulator'
/** On the roof: the commands, which come in by the doors that everybody has. */
const COMMANDS = 'cli'
const DOORS = new Set(['index', SIMULATOR])

const lib = join(__dirname, '../../lib')
const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

const roomOf = (file: string): string => file.replace(/\.ts$/, '').split('/')[0] as string
const floorOf = (room: string): number => FLOORS.findIndex((floor) => floor.includes(room))

interface Arrow {
  readonly file: string
  readonly from: string
  readonly to: string
}

const imports = files.flatMap((file) => {
  const text = readFileSync(join(lib, file), 'utf8')
  return [...text.matchAll(/(?:from|import) '([^']+)'/g)].map(([, target]) => ({ file, target: String(target) }))
})
const arrows: Arrow[] = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({
    file,
    from: roomOf(file),
    to: roomOf(relative(lib, join(lib, dirname(file), target))),
  }))
  .filter(({ from, to }) => from !== to)

/** What runs in pages, where elements take the names of the document's members and of the window's methods. */
const pages = readdirSync(join(lib, '../public'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
)
const asksDocument = (file: string): boolean => {
  const code = readFileSync(join(lib, '../public', file), 'utf8').replace(/^ *(\/\/|\/?\*).*$/gm, '')
  return /\bdocument *[.[]|(?<![.\w])(add|remove)EventListener\(/.test(code)
}

const importersOf = (...packages: string[]): string[] => [
  ...new Set(imports.filter(({ target }) => packages.includes(target)).map(({ file }) => roomOf(file))),
]

test('every file of lib/ has its floor', () => {
  const homeless = files.filter(
    (file) => floorOf(roomOf(file)) === -1 && ![SIMULATOR, COMMANDS].includes(roomOf(file)) && !file.endsWith('.d.ts'),
  )
  expect(homeless).toEqual([])
})

test('every arrow goes down', () => {
  const up = arrows.filter(({ from, to }) => ![SIMULATOR, COMMANDS].includes(from) && floorOf(from) <= floorOf(to))
  expect(up).toEqual([])
})

test('the commands use the public doors alone, and nothing uses the commands', () => {
  const elsewhere = arrows.filter(({ from, to }) => to === COMMANDS || (from === COMMANDS && !DOORS.has(to)))
  expect(elsewhere).toEqual([])
})

test('nothing in the house knows the simulator, and the simulator knows of the house the digests alone', () => {
  const house = arrows.filter(({ from }) => from !== COMMANDS)
  const across = house.filter(({ from, to }) => to === SIMULATOR || (from === SIMULATOR && to !== 'digest'))
  expect(across).toEqual([])
})

test('Express and its session live in one room of the house, and the network in another', () => {
  expect(importersOf('express', 'express-session').filter((room) => room !== COMMANDS)).toEqual(['middleware'])
  expect(importersOf('axios')).toEqual(['http'])
})

// Falls when: what visitors may have written in a page is taken for the document's own.
test('of the document, browser code reads and calls nothing but through own.js', () => {
  expect(pages).toContain('parts/own.js')
  expect(pages.filter((file) => file !== 'parts/own.js' && asksDocument(file))).toEqual([])
})
