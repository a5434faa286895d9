import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../../..')

/** A piece of code in a document: a fence whose first word is the language, and whose second names it: ```js mount */
export interface Block {
  readonly document: string
  readonly language: string
  readonly name: string
  readonly code: string
  /** Where it begins, for people who look for it. */
  readonly line: number
}

const pages = (folder: string): string[] =>
  !existsSync(join(root, folder))
    ? []
    : readdirSync(join(root, folder), { encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .toSorted()
        .map((name) => join(folder, name))

/** Every document for users, in both languages. */
export const documents = ['README.md', 'README.zh-CN.md', 'SECURITY.md', ...pages('docs'), ...pages('docs/zh-CN')]

const FENCE = /^( *)(```+)([^\n]*)\n([\s\S]*?)^\1\2 *$/gm

export function blocksOf(document: string): Block[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(FENCE)].map((found) => {
    const [, indent = '', , info = '', code = ''] = found
    const [language = '', name = ''] = info.trim().split(/\s+/)
    return {
      document,
      language,
      name,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, found.index).split('\n').length,
    }
  })
}

/** Code by indentation: nothing tells what it is or how it runs, so there must be none. */
export function indentedCode(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8').replaceAll(FENCE, '')
  return [...text.matchAll(/(?:^|\n)\n( {4}[^\n]+)/g)].map(([, line = '']) => line.trim())
}

/** What a block says without its comments and words, which differ by language. */
export const spoken = (code: string): string =>
  code
    .replaceAll(/(^|\s)(\/\/|#)[^\n]*/g, '$1')
    .replaceAll(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
