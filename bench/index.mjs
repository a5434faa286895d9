// What a captcha costs a server, all contenders in one run: `npm run bench`, or for less of it
// `npm run bench -- --rounds 2 --cases issue,validate --contenders bare,express-geetest --out file.json`.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { cases } from './cases/index.mjs'
import { start } from './child.mjs'
import { measure } from './measure.mjs'
import { startRedis } from './redis.mjs'
import { medians, table, verdicts } from './report.mjs'

/** One file each in contenders/, in the order of the table. */
const contenders = [
  'express-geetest',
  'express-geetest-redis',
  'bare',
  'axios',
  'gt3-sdk',
  'geetest',
  'express-geetest4',
  'bare4',
  'axios4',
]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    cases: { type: 'string', default: cases.map(({ name }) => name).join() },
    contenders: { type: 'string', default: contenders.join() },
    out: { type: 'string', default: '' },
    profile: { type: 'string', default: '' },
  },
})

/** The things of these names; a name that is none of theirs is a mistake. */
function pick(names, all, nameOf = (one) => one) {
  return names.split(',').map((name) => {
    const found = all.find((one) => nameOf(one) === name)
    if (found === undefined) throw new Error(`there is no "${name}"; write some of ${all.map(nameOf).join(',')}`)
    return found
  })
}

/** In an order that chance chose, so that nobody always comes after the same one. */
function shuffled(list) {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

/** All contenders of a case, one soon after another: a machine that is slower for some minutes is slower for all of them. */
const turnsOf = (one) =>
  shuffled(running)
    .filter((name) => one.only.includes(name) && (redis !== undefined || !name.endsWith('-redis')))
    .map((contender) => ({ one, contender }))

const rounds = Number(values.rounds)
if (!(rounds >= 1 && rounds <= 100)) throw new Error('--rounds: write a whole number from 1 to 100')
const chosen = pick(values.cases, cases, ({ name }) => name)
const running = pick(values.contenders, contenders)

const redis = await startRedis()
if (redis === undefined) console.warn('no redis-server found: express-geetest-redis is left out')
const cloud = await start('cloud.mjs')
const driver = await start('driver.mjs')
const samples = []
try {
  for (let round = 1; round <= rounds; round++) {
    const turns = shuffled(chosen.flatMap((one) => Array(one.times).fill(one))).flatMap(turnsOf)
    for (const [i, { one, contender }] of turns.entries()) {
      if (process.stderr.isTTY) process.stderr.write(`\rround ${round}: ${i + 1} of ${turns.length}, ${one.name}\x1b[K`)
      const measured = await measure({ contender, one, cloud, driver, redisUrl: redis?.url, profiles: values.profile })
      samples.push({ round, name: one.name, contender, measured })
    }
  }
} finally {
  await Promise.all([driver.stop(), cloud.stop(), redis?.stop()])
}
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')

const results = medians(samples)
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, node: process.version }
const date = new Date().toISOString().slice(0, 10)
console.log(`${date}, ${machine.cores} × ${machine.cpu}, Node ${machine.node}; medians of ${rounds} rounds\n`)
console.log(`${table(chosen, running, results)}\n`)
const promises = verdicts(results)
for (const { kept, promise, found, bound } of promises)
  console.log(`${kept ? 'yes' : 'NO '}  ${promise}: ${found} (${bound})`)
if (values.out) {
  writeFileSync(
    values.out,
    `${JSON.stringify({ date, machine, rounds, promises, medians: results, samples }, null, 2)}\n`,
  )
}
process.exitCode = promises.every(({ kept }) => kept) ? 0 : 1
