import { ok, warning, type Check } from '../check'

/** Express shows stack traces, and the demo's stores are quiet, wherever it is anything else. */
export const nodeEnv: Check = {
  code: 'node_env',
  run: ({ env, production, subject }) => {
    if (subject.given === 'url') return undefined
    const value = env.NODE_ENV || '–'
    return production ? ok('node_env.ok') : warning('node_env.other', 'NODE_ENV=production', { value })
  },
}
