import request from 'supertest'
import { site, visitor } from '../support/site'
import { fakeWorld, until } from '../support/world'
import { md5 } from './support/evil-cloud'
import { pass, passWhile, stagedCloud, type Manner } from './support/staged-cloud'

/** A site, and visitors who look at its login page; some of them log in. */
function open() {
  const world = fakeWorld()
  const cloud = stagedCloud(world)
  const { captchaId, privateKey } = cloud
  const { app, captcha } = site({ captchaId, privateKey, ...cloud.way(), downtime: 'failback', budgets: false }, world)
  const lost: number[] = []
  const whileTimePasses = <T>(doing: Promise<T>): Promise<T> => passWhile(world, doing)
  async function view(logsIn: boolean) {
    const agent = visitor(app)
    const { body } = await whileTimePasses(agent.get('/getcaptcha').then((reply) => reply))
    if (!logsIn) return undefined
    const validate = md5(body.challenge)
    const offline = {
      geetest_challenge: body.challenge,
      geetest_validate: validate,
      geetest_seccode: `${validate}|jordan`,
    }
    const fields = body.success === 1 ? cloud.right(body.challenge) : offline
    const reply = await whileTimePasses(
      agent
        .post('/login')
        .send(fields)
        .then((one) => one),
    )
    if (reply.status === 503) lost.push(world.time)
    return {
      status: reply.status,
      again: () =>
        whileTimePasses(
          agent
            .post('/login')
            .send(fields)
            .then((one) => one),
        ),
    }
  }
  return { world, cloud, app, captcha, view, lost }
}

// Falls when: registrations that succeed dilute the window of validations, or the endpoint that works is the one that is probed.
test.each<[Manner, number]>([
  ['hang', 1],
  ['hang', 2],
  ['hang', 6],
  ['refuse', 1],
  ['refuse', 2],
  ['refuse', 6],
])(
  'attack 35: validate.php %ss and register.php answers; every view of %i logs in: noticed within 5 s of the third loss, and all get in',
  async (manner, of) => {
    const { world, cloud, captcha, view, lost } = open()
    cloud.validate = manner
    const early: Awaited<ReturnType<typeof view>>[] = []
    for (let i = 0; lost.length < 3 && captcha.status.mode === 'up'; i++) early.push(await view(i % of === 0))
    const third = world.time
    while (captcha.status.mode === 'up' && world.time < third + 5_000) await pass(world, 50)
    expect(captcha.status.mode).toBe('down')

    const statuses = []
    const modes = new Set<string>()
    for (let i = 0; i < 20; i++) {
      statuses.push((await view(true))?.status)
      await pass(world, 1_000)
      modes.add(captcha.status.mode)
    }
    expect(statuses).toEqual(Array(20).fill(200))
    // Nothing that register.php answers ends it.
    expect([...modes]).toEqual(['down'])

    cloud.validate = 20
    const back = world.time
    await pass(world, 12_500)
    expect(captcha.status.mode).toBe('up')
    expect(world.time - back).toBeLessThanOrEqual(12_500)
    expect((await view(true))?.status).toBe(200)
    // What was solved online before the outage was noticed has waited for its end.
    expect((await early[0]?.again())?.status).toBe(200)
  },
  60_000,
)

// Falls when: the endpoint that works brings back the one that does not.
test('attack 35: validate.php alone is probed while it alone is down, and both while both are', async () => {
  const { world, cloud, app, captcha, view } = open()
  cloud.validate = 'refuse'
  await view(true)
  await pass(world, 5_000)
  expect(captcha.status).toMatchObject({ mode: 'down', cause: 'network' })
  cloud.asked.length = 0
  await pass(world, 30_000)
  expect(new Set(cloud.asked)).toEqual(new Set(['/validate.php']))
  expect(captcha.status.mode).toBe('down')
  expect((await captcha.health()).endpoints).toMatchObject({ register: { mode: 'up' }, validate: { mode: 'down' } })
  expect((await request(app).get('/getcaptcha')).body.success).toBe(0)
})

// Falls when: a downtime is over as soon as one of two endpoints that fail is back.
test('attack 35: where both fail, both must be good again', async () => {
  const { world, cloud, captcha, view, app } = open()
  const before = visitor(app)
  const issued = before.get('/getcaptcha').then(({ body }) => body)
  await until(() => cloud.asked.length === 1)
  await pass(world, 100)
  const right = cloud.right((await issued).challenge)
  cloud.register = cloud.validate = 'refuse'
  for (let i = 0; i < 3; i++) await view(false)
  expect(captcha.status.mode).toBe('down')
  await before.post('/login').send(right).expect(503)
  await pass(world, 5_000)
  expect((await captcha.health()).endpoints).toMatchObject({ register: { mode: 'down' }, validate: { mode: 'down' } })
  cloud.register = 20
  await pass(world, 20_000)
  expect(captcha.status.mode).toBe('down')
  cloud.validate = 20
  await pass(world, 15_000)
  expect(captcha.status.mode).toBe('up')
}, 60_000)
