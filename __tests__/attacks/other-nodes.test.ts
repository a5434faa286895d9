import request from 'supertest'
import type { GeetestOptions } from '../../lib'
import { SharedStore } from '../support/shared-store'
import { site } from '../support/site'
import { fakeWorld, type World } from '../support/world'
import { pass, passWhile, settle, stagedCloud, type StagedCloud } from './support/staged-cloud'

/** Nodes of one site on one store and one clock, each with a way to the cloud of its own. */
function open() {
  const world = fakeWorld()
  const store = new SharedStore(world.now)
  const id = stagedCloud(world)
  function node(cloud: StagedCloud, deadline = 1_500, more: Partial<GeetestOptions> = {}) {
    const { captchaId, privateKey } = id
    const options = {
      captchaId,
      privateKey,
      store,
      downtime: 'failback',
      budgets: false,
      ...cloud.way(deadline),
    } as const
    const { app, captcha } = site({ ...options, timeout: deadline, ...more }, world)
    return { app, captcha, cloud }
  }
  return { world, node }
}

type Node = ReturnType<ReturnType<typeof open>['node']>

/** Every node has visitors; tells for which share of the time each was down. */
async function live(world: World, nodes: readonly Node[], seconds: number): Promise<number[]> {
  const down = nodes.map(() => 0)
  for (let second = 0; second < seconds; second++) {
    const visits = nodes.map(({ app }) =>
      request(app)
        .get('/getcaptcha')
        .then(() => undefined),
    )
    for (const { app } of nodes)
      visits.push(
        request(app)
          .get('/getcaptcha')
          .then(() => undefined),
      )
    const all = Promise.all(visits)
    await pass(world, 1_000)
    await passWhile(world, all)
    nodes.forEach(({ captcha }, i) => {
      if (captcha.status.mode === 'down') down[i] = (down[i] ?? 0) + 1
    })
  }
  return down
}

// Falls when: what one node cannot reach counts as down for those who can.
test('attack 41: one of three nodes with a broken way out is down alone', async () => {
  const { world, node } = open()
  const nodes = [stagedCloud(world), stagedCloud(world), stagedCloud(world)].map((cloud) => node(cloud))
  const [broken] = nodes as [Node]
  broken.cloud.register = 'refuse'
  const [first, ...others] = await live(world, nodes, 30)
  expect(first).toBeGreaterThan(25)
  expect(others).toEqual([0, 0])
}, 60_000)

// Falls when: scenes with other deadlines share what they know of the cloud.
test('attack 41: a scene that waits 200 ms does not take down one that waits 5 s', async () => {
  const { world, node } = open()
  const [fast, slow] = [stagedCloud(world), stagedCloud(world)]
  fast.register = slow.register = 1_000
  const nodes = [node(fast, 200), node(slow, 5_000, { scene: 'patient' })]
  const [, patient] = await live(world, nodes, 20)
  expect(patient).toBe(0)
}, 60_000)

// Falls when: a probe that this machine had no room for counts as one that the cloud failed.
test('attack 41: a probe that was never sent undoes no good one', async () => {
  const { world, node } = open()
  const cloud = stagedCloud(world)
  const one = node(cloud)
  cloud.register = 'refuse'
  for (let i = 0; i < 3; i++) await request(one.app).get('/getcaptcha')
  expect(one.captcha.status.mode).toBe('down')
  cloud.register = 20
  await pass(world, 6_500)
  expect((await one.captcha.health()).lastProbe?.outcome).toBe('ok')
  cloud.register = 'descriptors'
  await pass(world, 6_500)
  expect((await one.captcha.health()).lastProbe?.outcome).toBe('busy')
  expect(one.captcha.status.mode).toBe('down')
  cloud.register = 20
  await pass(world, 6_500)
  expect(one.captcha.status.mode).toBe('up')
})

// Falls when: a new node waits for three losses of its own, or believes without looking.
test('attack 41: a node that starts in an outage looks at once, and believes what it sees', async () => {
  const { world, node } = open()
  const dead = stagedCloud(world)
  dead.register = 'refuse'
  const first = node(dead)
  for (let i = 0; i < 3; i++) await request(first.app).get('/getcaptcha')
  expect(first.captcha.status.mode).toBe('down')
  const [blind, seeing] = [node(dead), node(stagedCloud(world))]
  await settle()
  await pass(world, 100)
  expect([blind, seeing].map(({ captcha }) => captcha.status.mode)).toEqual(['down', 'up'])
})
