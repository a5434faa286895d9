// Writes loops of browser code out. The loop stands in the source as it is meant, with `// unroll` as its first line:
//
//     for (n = 0; n < 16; n++) {
//       // unroll
//       …
//     }
//
// What is inside must not use the counter, nor declare anything.
import { readFile } from 'node:fs/promises'

const LOOP = /^( *)for \((\w+) = 0; \2 < (\d+); \2\+\+\) \{\n *\/\/ unroll\n([^]*?)\n\1\}$/gm

/** @param {string} source */
export const unrolled = (source) =>
  source.replace(LOOP, (_loop, _indent, _counter, times, inside) => `${inside}\n`.repeat(Number(times)))

/** For esbuild: in the one file that has such loops. */
export const unroll = {
  name: 'unroll',
  setup(build) {
    build.onLoad({ filter: /\/offline\/sha256\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = unrolled(source)
      // A loop that has been written another way would only be slow, and nobody would notice.
      if (contents.includes('// unroll'))
        throw new Error(`${path} has a loop to unroll that scripts/unroll.mjs cannot read`)
      return { contents }
    })
  },
}
