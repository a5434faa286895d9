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

/** What begins a comment, by the language of a block: nothing else may differ between two spoken languages. */
const COMMENTS: Readonly<Record<string, RegExp>> = {
  js: /(^|\s)\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
  sh: /(^|\s)#[^\n]*/g,
  html: /(^|\s)\/\/[^\n]*|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g,
}
const SAME_AS: Readonly<Record<string, string>> = {
  ts: 'js',
  jsx: 'js',
  vue: 'html',
  yaml: 'sh',
}

/** What a block says without its comments, which differ by language; everything else is compared as it stands. */
export function spoken({ language, code }: Pick<Block, 'language' | 'code'>): string {
  const comment = COMMENTS[SAME_AS[language] ?? language]
  if (comment === undefined) throw new Error(`nobody knows what a comment looks like in ${language}`)
  return code.replaceAll(comment, '$1').replaceAll(/\s+/g, ' ').trim()
}

/** The document of which this one is the translation. */
export const originalOf = (document: string): string =>
  document.replace('.zh-CN.md', '.md').replace('docs/zh-CN/', 'docs/')

/** Every block but those that are a translation, to the letter, of one that is here as well: running both shows nothing more. */
export function eachOnce(blocks: readonly Block[]): Block[] {
  const told = ({ document, language, name, code }: Block): string =>
    [document, language, name, spoken({ language, code })].join('\n')
  const originals = new Set(blocks.map(told))
  return blocks.filter((block) => {
    const document = originalOf(block.document)
    return document === block.document || !originals.has(told({ ...block, document }))
  })
}
