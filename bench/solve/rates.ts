/// <reference lib="dom" />
// How many tries a second one core does: the page's own code beside the plain loop, in node and in a worker of Chromium; and a
// bot's own code, where it can be compiled here.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { unroll } from '../../scripts/unroll.mjs'

/** Tries of one turn, and turns of each. */
const TRIES = 300_000
const TURNS = 7

export interface Rates {
  readonly plain: number
  readonly page: number
}

/** A script that defines `rate(tries)`: tries in a second, of one of the two. */
async function script(file: 'plain' | 'page'): Promise<string> {
  const from = file === 'plain' ? './plain.js' : '../../public/offline/sha256.js'
  const contents = `import { compress, initial, words } from '${from}'
    self.rate = function (tries) {
      var out = new Int32Array(8)
      var begun = performance.now()
      for (var i = 0; i < 16; i++) words[i] = 0
      for (var n = 0; n < tries; n++) {
        words[1] = n
        compress(initial, out)
      }
      return (tries / (performance.now() - begun)) * 1000
    }`
  const made = await build({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    minify: true,
    target: 'es5',
    format: 'iife',
    write: false,
    plugins: [unroll],
  })
  return made.outputFiles[0]?.text ?? ''
}

/** The best of some turns, the two one after the other: whatever else the machine does only takes away from it. */
async function best(rateOf: (script: string) => Promise<() => Promise<number>>): Promise<Rates> {
  const plain = await rateOf(await script('plain'))
  const page = await rateOf(await script('page'))
  const rates = { plain: 0, page: 0 }
  for (let turn = 0; turn < TURNS; turn++) {
    rates.plain = Math.max(rates.plain, await plain())
    rates.page = Math.max(rates.page, await page())
  }
  return rates
}

export const inNode = (): Promise<Rates> =>
  best(async (text) => {
    const self = createContext({ performance })
    runInContext(`self = globalThis; ${text}`, self)
    return async () => runInContext(`rate(${TRIES})`, self) as number
  })

const turn = (worker: Worker, tries: number): Promise<number> =>
  new Promise((resolve) => {
    worker.addEventListener('message', (event: MessageEvent<number>) => resolve(event.data), { once: true })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin but the page's
    worker.postMessage(tries)
  })

export const inChromium = (page: Page): Promise<Rates> =>
  best(async (text) => {
    const worker = await page.evaluateHandle((code) => {
      const answer = '; onmessage = function (event) { postMessage(rate(event.data)) }'
      return new Worker(URL.createObjectURL(new Blob([code + answer])))
    }, text)
    return () => worker.evaluate(turn, TRIES)
  })

/** Tries a second of one core in C, with the processor's own instructions; `undefined` where there is no compiler or no such x86. */
export function inNativeCode(): number | undefined {
  const program = join(mkdtempSync(join(tmpdir(), 'solve-')), 'native')
  try {
    execFileSync('cc', ['-O3', '-msha', '-msse4.1', '-o', program, join(__dirname, 'native.c')], { stdio: 'pipe' })
    return Number(String(execFileSync(program)).split(' ')[0])
  } catch {
    return undefined
  }
}
