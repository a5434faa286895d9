// One build: TypeScript to dist/, browser scripts bundled and minified to dist/public/ and dist/simulator/. With --if-needed
// only where a source is newer than what was built.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildIsDue } from './test/tree.mjs'
import { unroll } from './unroll.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
if (process.argv.includes('--if-needed') && !buildIsDue()) process.exit()

rmSync('dist', { recursive: true, force: true })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })

const browser = { plugins: [unroll], bundle: true, minify: true, target: 'es5', legalComments: 'none', format: 'iife' }
const scripts = ['gt', 'gt4', 'gt4-form', 'gt-offline', 'gt4-offline', 'gt-words', 'geetest-form'].map(
  (name) => `public/${name}.js`,
)
await build({ ...browser, entryPoints: scripts, outdir: 'dist/public' })
// Servers that render pages import what those pages do: nothing happens where there is no page. Two are workers, too, and look themselves.
for (const script of scripts.filter((name) => !/offline/.test(name))) {
  const file = script.replace('public', 'dist/public')
  writeFileSync(
    file,
    `if(typeof document!="undefined"){${readFileSync(file, 'utf8').trim().replace('"use strict";', '')}}\n`,
  )
}
const widgets = { widget: 'lib/simulator/widget/index.js', widget4: 'lib/simulator/widget/v4.js' }
await build({ ...browser, entryPoints: widgets, outdir: 'dist/simulator' })
for (const types of ['gt.d.ts', 'gt4.d.ts', 'geetest-form.d.ts'])
  copyFileSync(`public/${types}`, `dist/public/${types}`)

// The same once more as modules: what is required by name is found by whoever bundles a server, where files beside it would be lost.
const texts = (folder, files) =>
  JSON.stringify(Object.fromEntries(files.map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')])))
const served = readdirSync('dist/public').filter((file) => file.endsWith('.js'))
writeFileSync('dist/public/scripts.json', texts('dist/public', served))
writeFileSync('dist/simulator/widgets.json', texts('dist/simulator', ['widget.js', 'widget4.js']))

// The demo as `npx express-geetest demo` starts it: from the package as installed, without this repository's tools.
const demo = ['server', 'drill', 'environment', 'listen', 'site', 'stores', 'words'].map((name) => `demo/${name}.ts`)
await build({ entryPoints: demo, outdir: 'dist/demo', format: 'cjs', platform: 'node', target: 'node20' })
cpSync('demo/page', 'dist/demo/page', { recursive: true })

chmodSync('dist/cli/index.js', 0o755)
