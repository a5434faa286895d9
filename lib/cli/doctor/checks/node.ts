import { engines } from '../../package'
import { ok, problem, type Check } from '../check'
import { satisfies } from '../facts/peers'

export const node: Check = {
  code: 'node',
  run: ({ nodeVersion: version, subject }) => {
    if (subject.given === 'url') return undefined
    const needs = engines.node
    return satisfies(version, needs)
      ? ok('node.ok', { version })
      : problem('node.old', 'nvm install --lts', { version, needs })
  },
}
