import { explore } from '../support/ticket-model'

// Every order of all steps; as long as the machine needs.
jest.setTimeout(120_000)

/** Small enough for seconds. */
const worlds = [
  { posts: 3, cuts: 0 },
  { posts: 3, cuts: 1 },
  { posts: 2, cuts: 3 },
]

describe.each(worlds)('with $posts posts of one answer and $cuts commands sent again', (world) => {
  test('it passes once at most, in whatever order all steps come', () => {
    const { accepted, states, trace } = explore({ ...world, nonces: true })
    expect({ accepted, trace: accepted > 1 ? trace : [] }).toEqual({ accepted: 1, trace: [] })
    expect(states).toBeGreaterThan(100)
  })
})

test('the model sees an answer pass twice where a write is not known by its nonce', () => {
  const { accepted, trace } = explore({ posts: 3, cuts: 1, nonces: false })
  expect(accepted).toBeGreaterThan(1)
  expect(trace).not.toEqual([])
})
