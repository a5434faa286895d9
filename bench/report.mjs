// What was measured, as one table; and whether it is what the package promises.
const OURS = 'express-geetest'

export function median(values) {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Medians over the rounds: of every case, of every contender, by the names of what was measured. */
export function medians(samples) {
  const result = {}
  for (const { name, contender, measured } of samples) {
    const lists = ((result[name] ??= {})[contender] ??= {})
    for (const [what, value] of Object.entries(measured)) (lists[what] ??= []).push(value)
  }
  for (const contenders of Object.values(result))
    for (const lists of Object.values(contenders))
      for (const [what, values] of Object.entries(lists)) lists[what] = Number(median(values).toPrecision(4))
  return result
}

const round = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '–')

const HEAD = ['case', 'contender', 'CPU µs', '× bare', 'per second', 'p50 ms', 'p99 ms', 'calls to the cloud']

/** In Markdown, as it stands in README. */
export function table(cases, contenders, results) {
  const rows = cases.flatMap(({ name, title }) =>
    contenders
      .filter((contender) => results[name]?.[contender])
      .map((contender) =>
        [title, contender].concat(figures(results[name][contender], results[name].bare ?? results[name].bare4)),
      ),
  )
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const figures = ({ cpu, rate, p50, p99, calls }, bare) => [
  round(cpu, 0),
  round(cpu / bare?.cpu, 2),
  round(rate, 0),
  round(p50, 2),
  round(p99, 2),
  round(calls, 1),
]

/** What the package promises, where this run can tell. */
export function verdicts(results) {
  const of = (name, contender, what) => results[name]?.[contender]?.[what] ?? NaN
  const ratio = (name, what, above, below) => of(name, above, what) / of(name, below, what)
  const promises = [
    ['CPU per captcha, ours to bare', ratio('captcha', 'cpu', OURS, 'bare'), '<=', 1.15],
    ['CPU per captcha, ours to gt3-sdk', ratio('captcha', 'cpu', OURS, 'gt3-sdk'), '<=', 0.85],
    [
      'rate of junk to honest answers, cloud 20 ms away',
      of('junk', OURS, 'rate') / of('validate-20', OURS, 'rate'),
      '>=',
      3,
    ],
    ['calls to the cloud for one answer that is junk', of('junk', OURS, 'calls'), '<=', 0],
    ['outage, median, gt3-sdk to ours', ratio('outage-hang', 'p50', 'gt3-sdk', OURS), '>=', 100],
    ['outage, slowest of ours in ms', of('outage-hang', OURS, 'slowest'), '<=', 1600],
    ['bytes per outstanding ticket', of('tickets', OURS, 'bytes'), '<=', 400],
  ]
  return promises
    .filter(([, found]) => Number.isFinite(found))
    .map(([promise, found, sign, bound]) => ({
      promise,
      found: Number(found.toPrecision(3)),
      bound: `${sign} ${bound}`,
      kept: sign === '<=' ? found <= bound : found >= bound,
    }))
}
