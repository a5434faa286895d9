import { cloud, credentials, site } from '../support/site'
import { sized } from '../support/size'
import { fakeWorld } from '../support/world'
import { hex, issue, times } from './support/crowd'
import { answer, forgeries } from './support/forgeries'
import { onEveryStore } from './support/stores'
import { inBatches, wireTo } from './support/wire'

// Floods take as long as the machine needs.
jest.setTimeout(180_000)

const JUNK = sized(10_000)

/** One junk answer: whose session sends it, and what. */
interface Junk {
  readonly cookie: { Cookie: string } | object
  readonly fields: unknown
}

onEveryStore((store) => {
  // Falls when: anything is asked of the cloud before the answer has a ticket of this very visitor and the right signature.
  test(`attack 22: ${JUNK} junk answers of every kind cost no call to the cloud`, async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const { app } = site({ ...credentials(simulator), store: await store() }, world)
    const wire = await wireTo(app)
    const held = (n: number) => inBatches(times(n, String), 50, () => issue(wire, simulator))

    const expired = await held(sized(500))
    world.advance(600_000)
    const [spent, wronged, foreign] = [await held(sized(500)), await held(sized(1500)), await held(sized(500))]
    await inBatches(spent, 50, ({ cookie, right }) => wire.post('/login', right, cookie))
    const [me, bystander] = [await issue(wire, simulator), await issue(wire, simulator)]

    const malformed = [[], {}, 7, null, '', '\0', 'é'.repeat(32), 'a'.repeat(3000), { $ne: 1 }, ['x'], true]
    const kinds: Junk[][] = [
      times(sized(2500), (i) => ({
        cookie: me.cookie,
        fields: forgeries[i % forgeries.length]?.[1](hex(), simulator.captchaId),
      })),
      times(sized(500), () => ({ cookie: {}, fields: answer(hex(), hex()) })),
      wronged.map(({ cookie, right }) => ({ cookie, fields: { ...right, geetest_validate: hex() } })),
      wronged.slice(0, sized(1000)).map(({ cookie, right }) => ({ cookie, fields: right })),
      times(sized(1500), (i) => ({
        cookie: me.cookie,
        fields: {
          ...answer(hex(), hex()),
          [`geetest_${['challenge', 'validate', 'seccode'][i % 3]}`]: malformed[i % 11],
        },
      })),
      [...expired, ...expired].map(({ cookie, right }) => ({ cookie, fields: right })),
      [...spent, ...spent].map(({ cookie, right }) => ({ cookie, fields: right })),
      foreign.map(({ right }) => ({ cookie: me.cookie, fields: right })),
      foreign.map(({ cookie, right }) => ({ cookie, fields: right })),
    ]
    const junk = kinds.flat()
    expect(junk).toHaveLength(JUNK)

    simulator.forget()
    let turn = 0
    const path = () => (turn++ % 2 ? '/login' : '/validate')
    const said = await inBatches(junk, 100, ({ cookie, fields }) => wire.post(path(), fields, { ...cookie }))
    expect(simulator.calls).toEqual([])
    const codes = new Set(said.map(({ text }) => (text.startsWith('{') ? JSON.parse(text).code : text)))
    const rest = ['missing', 'replayed', 'session_mismatch', 'unknown_challenge']
    const denials = ['bad_signature', 'expired', 'malformed', ...rest]
    expect([...codes].toSorted((a, b) => a.localeCompare(b))).toEqual([
      ...denials.slice(0, 2),
      'fail',
      ...denials.slice(2),
    ])
    // The honest visitor among them is judged by one call.
    expect((await wire.post('/login', bystander.right, bystander.cookie)).status).toBe(200)
    expect(simulator.calls.map(({ endpoint }) => endpoint)).toEqual(['validate'])
  })

  // Falls when: a junk answer leaves a trace in the store, or a mark that was forgotten is taken for an answer that is new.
  test('attack 12: a flood of made-up challenges brings no spent answer back', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), store: await store() })
    const wire = await wireTo(app)
    const { cookie, right } = await issue(wire, simulator)
    expect((await wire.post('/login', right, cookie)).status).toBe(200)
    await inBatches(times(sized(1000), hex), 100, (id) => wire.post('/login', answer(id, hex()), cookie))
    const replay = await wire.post('/login', right, cookie)
    expect([replay.status, JSON.parse(replay.text).code]).toEqual([403, 'replayed'])
  })
})
