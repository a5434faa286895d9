import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { reasons, type SetupCode } from '../../lib'
import { chromiumPath } from '../browser/support/chromium'
import { describeWith } from '../support/program'
import { blocksOf, documents, eachOnce, indentedCode, spoken, type Block } from './support/blocks'
import { LIMIT_MS } from './support/folder'
import { frames, redisServer, runBlock } from './support/run-block'

/** Blocks that a step of .ci/run carries out by itself, so that a test of them would run inside itself. */
const ELSEWHERE = new Set(['all-tests'])

const blocks = documents.flatMap(blocksOf)
const frameOf = ({ name }: Block): string | undefined =>
  ['mjs', 'mts'].map((extension) => join(frames, `${name}.${extension}`)).find((file) => existsSync(file))

test('every piece of code in the documents has a name, and a frame in which it runs', () => {
  const loose = blocks.filter((block) => !ELSEWHERE.has(block.name) && frameOf(block) === undefined)
  expect(loose.map(({ document, line, language, name }) => `${document}:${line} ${language} ${name}`)).toEqual([])
  expect(documents.flatMap(indentedCode)).toEqual([])
})

test('every frame has its piece of code', () => {
  const names = new Set(blocks.map(({ name }) => name))
  const idle = readdirSync(frames, { withFileTypes: true })
    .filter((file) => file.isFile() && !names.has(basename(file.name).replace(/\.m[jt]s$/, '')))
    .map((file) => file.name)
  expect(idle).toEqual([])
})

/** What people meet who use the package; the rest is for those who work on it. */
const bilingual = documents.filter(
  (document) => /^(README|docs\/(?!zh-CN|mutants))/.test(document) && !document.includes('zh-CN'),
)

test.each(bilingual)('%s exists in Chinese, with the same code', (original) => {
  const chinese = original.startsWith('docs/')
    ? original.replace('docs/', 'docs/zh-CN/')
    : original.replace('.md', '.zh-CN.md')
  const outline = (name: string) => blocksOf(name).map((block) => `${block.language} ${block.name}: ${spoken(block)}`)
  expect(outline(chinese)).toEqual(outline(original))
})

/** Complete, or it does not compile. */
const setUp: Record<SetupCode, true> = {
  invalid_option: true,
  session_missing: true,
  guard_not_called: true,
  asset_missing: true,
  trust_proxy: true,
}

test.each(['docs/errors.md', 'docs/zh-CN/errors.md'])('%s explains every code', (document) => {
  const text = readFileSync(join(__dirname, '../..', document), 'utf8')
  const explained = [...text.matchAll(/^### `(\w+)`$/gm)].map(([, code]) => code)
  expect(new Set(explained)).toEqual(new Set([...reasons, ...Object.keys(setUp)]))
})

const SKIPPED = 'no Chromium or no redis-server found: install Debian\'s "chromium" and "redis-server"'

describeWith(
  chromiumPath && redisServer,
  'code in the documents',
  SKIPPED,
)('code in the documents', () => {
  const all = eachOnce(blocks.filter(({ name }) => !ELSEWHERE.has(name)))
  // Several at once, each in a folder and on ports of its own.
  test.concurrent.each(all.map((block) => [block.document, block.line, block] as const))(
    'runs as it stands in %s, line %i, and in its translation, which has the same code',
    (_document, _line, block) => expect(runBlock(block, String(frameOf(block)))).resolves.toBeUndefined(),
    LIMIT_MS,
  )
})
