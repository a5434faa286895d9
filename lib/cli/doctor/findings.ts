import { fill, type Values, type Words } from '../words'
import type { Check, Level } from './check'
import { checks } from './checks'
import type { Facts } from './facts'
import type { Redact } from './secrets'

/** What a check found, in words. */
export interface Finding {
  readonly code: string
  readonly level: Level
  readonly message: string
  readonly write?: string
}

export function judge(facts: Facts, { findings }: Words, redact: Redact): Finding[] {
  const clean = (values: Values = {}): Values =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
    )
  const say = ({ code, run }: Check): Finding[] => {
    const outcome = run(facts)
    if (outcome === undefined) return []
    const { level, says, values, write } = outcome
    return [{ code, level, message: fill(findings[says], clean(values)), ...(write && { write: redact(write) }) }]
  }
  return checks.flatMap(say)
}
