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

export function judge(facts: Facts, { findings, ofOptions }: Words, redact: Redact): Finding[] {
  const clean = (values: Values = {}): Values =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
    )
  const say = ({ code, run }: Check): Finding[] => {
    const outcome = run(facts)
    if (outcome === undefined) return []
    const { level, says, write } = outcome
    const values = clean(says.startsWith('options.') ? translated(outcome.values, ofOptions) : outcome.values)
    const line = write && redact(fill(write, { write: values.write ?? '{write}' }))
    return [{ code, level, message: fill(findings[says], values), ...(line && { write: line.trim() }) }]
  }
  return checks.flatMap(say)
}

/** What the plugin says of an option in English, in the language of the report. */
function translated(values: Values = {}, ofOptions: Words['ofOptions']): Values {
  const { option, what } = values
  const [write, arrived] = [ofOptions?.write[String(option)], ofOptions?.arrived[String(what)]]
  return {
    ...values,
    ...(write !== undefined && { write }),
    ...(ofOptions && { what: arrived ?? ` ${String(what)} ` }),
  }
}
