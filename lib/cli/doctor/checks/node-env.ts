import { ok, warning, type Check } from '../check'

/** Express shows stack traces, and the demo's stores are quiet, wherever it is anything else. */
export const nodeEnv: Check = {
  code: 'node_env',
  run: ({ env, production, subject }) => {
    if (subject.given === 'url') return undefined
    if (production) return ok('node_env.ok')
    return env.NODE_ENV
      ? warning('node_env.other', 'NODE_ENV=production', { value: env.NODE_ENV })
      : warning('node_env.unset', 'NODE_ENV=production')
  },
}
