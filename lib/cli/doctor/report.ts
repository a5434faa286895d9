import { fill, type Words } from '../words'
import { version } from '../package'
import type { Finding } from './findings'
import type { Level } from './check'

/** A rehearsal, in words. */
export interface Drill {
  readonly ok: boolean
  readonly lines: readonly string[]
}

/** Everything that the doctor has to say. */
export interface Report {
  readonly version: string
  readonly ok: boolean
  readonly findings: readonly Finding[]
  readonly drill?: Drill
}

export function reportOf(findings: readonly Finding[], drill: Drill | undefined): Report {
  const ok = findings.every(({ level }) => level !== 'problem') && drill?.ok !== false
  return { version, ok, findings, ...(drill && { drill }) }
}

/** For people. What is to be done stands last, where a terminal leaves it in sight. */
export function asText({ version, findings, drill }: Report, { report }: Words): string {
  const width = Math.max(...findings.map(({ code }) => code.length))
  const lines = (wanted: Level): string[] =>
    findings
      .filter(({ level }) => level === wanted)
      .map(({ code, message, write }) => {
        const line = `${report[wanted]}  ${code.padEnd(width)}  ${message}`
        return write === undefined ? line : `${line}\n    ${report.write} ${write}`
      })
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length
  const sum = fill(report.sum, { ok: count('ok'), warnings: count('warning'), problems: count('problem') })
  return [
    `express-geetest doctor ${version}`,
    ...[lines('ok'), lines('warning'), lines('problem'), drill?.lines ?? []]
      .filter(({ length }) => length > 0)
      .map((part) => `\n${part.join('\n')}`),
    `\n${sum}`,
  ].join('\n')
}
