import { ok, warning, type Check } from '../check'

const WRITE = "downtime: 'proof-of-work'"

export const downtime: Check = {
  code: 'downtime',
  run: ({ settings }) => {
    if (settings === undefined) return undefined
    const { downtime: name, budgets } = settings
    if (name === 'allow') return warning('downtime.allow', WRITE)
    if (name === 'failback') return warning('downtime.failback', WRITE)
    if (name === 'deny') return ok('downtime.deny')
    return budgets === false ? warning('downtime.unlimited', 'budgets: {}') : ok('downtime.ok', { name })
  },
}
