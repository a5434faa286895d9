// Where the time of a server went, by what it is part of: `npm run bench -- --profile dir …`, then
// `node bench/profile.mjs dir/*.cpuprofile`.
import { readFileSync } from 'node:fs'

const PARTS = [
  [/node_modules\/((?:@[^/]+\/)?[^/]+)\//, (found) => found[1]],
  [/\/dist\/(.*)$/, (found) => `ours: ${found[1]}`],
  [/\/bench\//, () => 'bench: the handlers of the contender'],
  [
    /^node:internal\/(process|timers|async_hooks|util|streams|event_target|errors|validators|buffer|url|crypto)/,
    (found) => `node: ${found[1]}`,
  ],
  [/^node:(\w+)/, (found) => `node: ${found[1]}`],
]

function partOf({ url, functionName }) {
  if (functionName === '(idle)') return undefined
  if (url === '') return functionName
  for (const [shape, name] of PARTS) {
    const found = shape.exec(url)
    if (found) return name(found)
  }
  return url
}

const add = (map, key, time) => map.set(key, (map.get(key) ?? 0) + time)

for (const file of process.argv.slice(2)) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parts = new Map()
  const functions = new Map()
  let all = 0
  samples.forEach((id, i) => {
    const { callFrame } = byId.get(id)
    const part = partOf(callFrame)
    if (part === undefined) return
    all += timeDeltas[i]
    add(parts, part, timeDeltas[i])
    add(functions, `${callFrame.functionName || '(anonymous)'} ${part}:${callFrame.lineNumber + 1}`, timeDeltas[i])
  })
  const print = (map, most) => {
    for (const [name, time] of [...map].toSorted((a, b) => b[1] - a[1]).slice(0, most)) {
      console.log(`${((100 * time) / all).toFixed(1).padStart(5)} %  ${name}`)
    }
  }
  console.log(`\n${file}: ${(all / 1e6).toFixed(2)} s\n\nby part`)
  print(parts, 40)
  console.log('\nby function')
  print(functions, 60)
}
