import { ok, problem, type Check } from '../check'

export const peers: Check = {
  code: 'peers',
  run: ({ peers }) => {
    const bad = peers.find(({ fits }) => !fits)
    if (bad) {
      const { name, range, version = '' } = bad
      const says = version === '' ? 'peers.missing' : 'peers.old'
      return problem(says, `npm install ${name}@"${range}"`, { name, range, version })
    }
    const list = peers.map(({ name, version }) => `${name} ${String(version)}`).join(', ')
    return peers.length > 0 ? ok('peers.ok', { list }) : undefined
  },
}
