import { MemoryStore, proofOfWork, type DowntimeName, type Geetest, type GeetestOptions } from '../../lib'
import { signValidate } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, site, visitor, type Agent } from '../support/site'
import { work } from '../support/work'
import { fakeWorld, until, type World } from '../support/world'
import { answer, forgeries } from './support/forgeries'
import { geetest } from '../../lib'

interface Scene {
  readonly simulator: Simulator
  readonly captcha: Geetest
  readonly world: World
  readonly agent: Agent
}

/** Who can flip the mode: each way there, and back. */
const FLIPS: [string, (scene: Scene) => Promise<unknown>, (scene: Scene) => Promise<unknown>][] = [
  [
    'an operator',
    async ({ captcha }) => captcha.force({ mode: 'down', reason: 'test', seconds: 600 }),
    async ({ captcha }) => captcha.force({ mode: 'up', reason: 'test', seconds: 600 }),
  ],
  [
    'the cloud’s own failures',
    async ({ simulator, agent, captcha }) => {
      await simulator.fault('500', { endpoint: 'register' })
      for (let i = 0; i < 20 && captcha.status.mode === 'up'; i++) await agent.get('/getcaptcha')
    },
    async ({ simulator, world, captcha }) => {
      await simulator.fault('none')
      await until(() => {
        world.advance(1000)
        return captcha.status.mode === 'up'
      })
    },
  ],
]

describe.each(FLIPS)('when %s flips the mode in mid-flow', (_, goDown, comeBack) => {
  async function open(downtime: GeetestOptions['downtime']): Promise<Scene> {
    const simulator = await cloud({ captchaId: 'c'.repeat(32), privateKey: 'k' })
    const world = fakeWorld()
    const options = { ...credentials(simulator), timeout: 30_000, downtime, budgets: false } as const
    const { app, captcha } = site(options, world)
    return { simulator, captcha, world, agent: visitor(app) }
  }
  const challenge = async ({ agent }: Scene): Promise<string> =>
    (await agent.get('/getcaptcha').expect(200)).body.challenge

  // Falls when: the check asks what the mode is now, instead of what it was at the issue.
  test.each(['failback', 'allow', 'proof-of-work', 'deny'] satisfies DowntimeName[])(
    'attack 6: an online challenge is never judged by %s, though the cloud counts as down by now',
    async (downtime) => {
      const scene = await open(downtime)
      for (const [, forge] of forgeries) {
        const online = await challenge(scene)
        await goDown(scene)
        expect(scene.captcha.status.mode).toBe('down')
        const { body } = await scene.agent.post('/login').send(forge(online, scene.simulator.captchaId)).expect(403)
        expect(body.code).toBe('bad_signature')
        await comeBack(scene)
      }
    },
  )

  test('attack 6: an online answer that is right is neither lost nor waved through while nobody can judge it', async () => {
    const scene = await open('failback')
    const right = scene.simulator.answer(await challenge(scene))
    await goDown(scene)
    await scene.simulator.fault('500')
    expect((await scene.agent.post('/login').send(right).expect(503)).body.code).toBe('unavailable')
    await comeBack(scene)
    await scene.simulator.fault('none')
    expect((await scene.agent.post('/login').send(right).expect(200)).body.mode).toBe('online')
  })

  test('attack 6: a downtime challenge takes its own answer and no other, though the cloud is back by now', async () => {
    const scene = await open(proofOfWork({ privateKey: 'k', hashes: 16 }))
    await goDown(scene)
    const [first, second] = [await challenge(scene), await challenge(scene)]
    await comeBack(scene)
    expect(scene.captcha.status.mode).toBe('up')
    // Signed as an online answer would be: even the cloud's own key is no way around the work.
    const signed = answer(first, signValidate(first, 'k'))
    expect((await scene.agent.post('/login').send(signed).expect(403)).body.code).toBe('downtime_unsolved')
    expect((await scene.agent.post('/login').send(work(second)).expect(200)).body.mode).toBe('proof-of-work')
  })
})

// Falls when: the record does not hold the id and the provider that a challenge was issued under.
test('attack 6: a server that starts again under another id or provider does not take what was asked before', async () => {
  const simulator = await cloud({ accounts: { ['d'.repeat(32)]: 'other' } })
  const [store, other] = [new MemoryStore(), { captchaId: 'd'.repeat(32), privateKey: 'other' }]
  const { app, captcha } = site({ ...credentials(simulator), store, downtime: 'failback' })
  const changes = { '/id': other, '/provider': { downtime: 'allow' as const } }
  for (const [path, change] of Object.entries(changes)) {
    const later = geetest({ ...credentials(simulator), store, ...change })
    app.post(path, later.validate(), (_req, res) => void res.end()).use(errorsAsJson)
  }
  const agent = visitor(app)
  const issue = async (): Promise<string> => (await agent.get('/getcaptcha').expect(200)).body.challenge
  const online = simulator.answer(await issue())
  expect((await agent.post('/id').send(online).expect(403)).body.code).toBe('scene_mismatch')
  captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
  const offline = await issue()
  expect((await agent.post('/provider').send(answer(offline, 'x')).expect(403)).body.code).toBe('unknown_challenge')
})
