import { DEADLINE } from '../site.mjs'

/** Visitors who come again and again while the cloud is away. Whoever came before the first deadline cannot know of it yet. */
const outage = {
  connections: 32,
  warmUp: 0,
  operations: 1_000_000,
  seconds: 8,
  pause: 10,
  ignore: DEADLINE + 100,
  act: (visitor) => visitor.issue(),
}

export default [
  { ...outage, name: 'outage-hang', title: 'issue, cloud hangs', cloud: 'hang' },
  { ...outage, name: 'outage-refuse', title: 'issue, cloud refuses connections', cloud: 'refuse' },
]
