// What a run shows of itself: a line of progress, the output of each step when it has ended, and the table at the end.
const TELL_MS = 30_000

export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

/** @param expected a step's seconds, as far as anybody knows */
export function createScreen(steps, expected) {
  const live = process.stdout.isTTY
  const begun = performance.now()
  const left = new Map(steps.map((step) => [step.id, expected(step)]))
  const running = new Map()

  function line() {
    const now = performance.now()
    const titles = [...running.values()].map(({ step, from }) => {
      const number = steps.indexOf(step) + 1
      return `${number} of ${steps.length} ${step.title} (${clock((now - from) / 1000)} of ${clock(expected(step))})`
    })
    // Steps beside each other share the machine: together they take about as long as the longer of the two halves.
    const rest = [...left].map(([id, seconds]) => {
      const at = running.get(id)
      const wanted = at === undefined ? seconds : Math.max(seconds - (now - at.from) / 1000, 0)
      return steps.find((step) => step.id === id).cores === 1 ? wanted / 2 : wanted
    })
    const sum = rest.reduce((all, one) => all + one, 0)
    return `▸ ${titles.join(', ')}; ${clock((now - begun) / 1000)} elapsed, about ${clock(sum)} left`
  }

  const wipe = () => live && process.stdout.write('\r\u001B[2K')
  const show = () => {
    if (running.size === 0) return
    if (live) process.stdout.write(`\r\u001B[2K${line().slice(0, (process.stdout.columns || 80) - 1)}`)
    else console.log(line())
  }
  const timer = setInterval(show, live ? 1000 : TELL_MS)

  return {
    started(step) {
      running.set(step.id, { step, from: performance.now() })
      show()
    },
    ended({ id, title, passed, seconds, output }) {
      running.delete(id)
      left.delete(id)
      wipe()
      // What failed has the last word, below the table.
      if (passed && output.trim() !== '') console.log(`\n── ${title}\n${output.trimEnd()}`)
      console.log(`${passed ? '✓' : '✗'} ${title}, ${seconds.toFixed(1)} s`)
      show()
    },
    close() {
      clearInterval(timer)
      wipe()
    },
  }
}

/** Step by step with seconds; those of one core overlap, so that the total is less than the sum. */
export function table(steps, done, total) {
  const width = Math.max(...steps.map(({ title }) => title.length))
  const rows = steps.map(({ id, title }) => {
    const step = done.find((one) => one.id === id)
    const how = step === undefined ? 'not run' : step.passed ? '' : 'failed'
    return `${title.padEnd(width)}  ${(step?.seconds.toFixed(1) ?? '-').padStart(7)}  ${how}`.trimEnd()
  })
  return [
    `${'Step'.padEnd(width)}  Seconds`,
    ...rows,
    `${'Total'.padEnd(width)}  ${total.toFixed(1).padStart(7)}`,
  ].join('\n')
}
