import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line of a table in docs/protocol.md: what stands in its first columns, and the cell of each of the others by its heading. */
export interface Fact {
  readonly does: string
  readonly product: string
  readonly cells: Readonly<Record<string, string>>
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))

/** The table under a heading of docs/protocol.md. */
export function factsUnder(heading: string): Fact[] {
  const text = readFileSync(join(__dirname, '../../../docs/protocol.md'), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const [head = '', , ...lines] = section.split('\n').filter((line) => line.startsWith('|'))
  const headings = cellsOf(head)
  return lines.map((line) => {
    const cells = Object.fromEntries(cellsOf(line).map((cell, i) => [headings[i], cell]))
    const { Method: method, 'What the page does': does, Product: product = '', ...rest } = cells
    return { does: method ?? does ?? '', product, cells: rest }
  })
}
