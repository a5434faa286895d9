import type { Test } from 'supertest'
import { proofOfWork, type GeetestEvent, type GeetestOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, site, solve, visitor } from '../support/site'
import { work } from '../support/work'
import { answer, forgeries } from './support/forgeries'

/** Everything by which some page or SDK ever told its server that the cloud is away. */
const HINTS = {
  success: '0',
  gt_server_status: '0',
  geetest_success: '0',
  status: 'fail',
  offline: 'true',
  fallback: '1',
  mode: 'failback',
  downtime: 'allow',
  type: 'none',
  captcha_type: 'none',
  new_captcha: 'false',
  cdn: 'unreachable',
  geetest: '{"gt_server_status":0}',
}
const PLACES: [string, (request: Test) => Test][] = [
  ['query', (request) => request.query(HINTS)],
  ['cookies', (request) => request.set('Cookie', new URLSearchParams(HINTS).toString().replaceAll('&', '; '))],
  ['headers', (request) => request.set(HINTS).set({ 'x-geetest-success': '0', 'x-gt-server-status': '0' })],
  ['body', (request) => (request.method === 'POST' ? request.send(HINTS) : request)],
]

describe('while the cloud is up', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  function open(options: Partial<GeetestOptions> = {}) {
    simulator.forget()
    const events: GeetestEvent[] = []
    const { app, captcha } = site({ ...credentials(simulator), onEvent: (event) => events.push(event), ...options })
    const validated = () => simulator.calls.filter(({ endpoint }) => endpoint === 'validate')
    return { app, captcha, agent: visitor(app), events, validated }
  }

  // Falls when: anything that the browser sends takes part in choosing the mode, at the issue or at the check.
  describe.each(PLACES)('hints in the %s', (_, hint) => {
    test.each(forgeries)(
      'attack 1: telling the server that the cloud is away does not make it take %s for an answer',
      async (_, forge) => {
        const { agent, events, validated } = open({ downtime: 'failback' })
        const { body } = await hint(agent.get('/getcaptcha')).expect(200)
        expect(body.success).toBe(1)
        const forged = forge(body.challenge, simulator.captchaId)
        expect((await hint(agent.post('/login').send(forged)).expect(403)).body.code).toBe('bad_signature')
        await hint(agent.post('/login')).expect(403)
        expect(events).not.toContainEqual(expect.objectContaining({ type: 'verify', outcome: 'ok' }))
        expect(validated()).toEqual([])
      },
    )

    // Falls when: a report of the browser alone leads to the easier captcha, or opens a guard that is open in an outage.
    test('attack 30: claiming that the widget cannot be loaded neither brings an easier captcha nor opens a guard', async () => {
      const { app, captcha, agent, events } = open()
      app.post('/open-in-outages', captcha.validate({ downtime: 'allow' }), (_req, res) => void res.end())
      app.use(errorsAsJson)
      for (const path of ['/getcaptcha', '/getcaptcha/', '/GetCaptcha']) {
        expect((await hint(agent.get(path)).expect(200)).body.success).toBe(1)
      }
      expect((await hint(agent.post('/open-in-outages'))).status).toBe(403)
      expect(events.filter((event) => event.type === 'issue').map(({ mode }) => mode)).toEqual(Array(3).fill('online'))
    })
  })

  // Falls when: the check reads `gt_server_status` of the session, as every official sample does.
  test('attack 1: a forged session does not make the server judge offline, and does not spoil a right answer', async () => {
    const { app, agent, events } = open({ downtime: 'failback' })
    app.post('/forge', (req, res) => {
      Object.assign(req.session, {
        ...HINTS,
        geetest: { gt_server_status: 0, user_id: 'admin', success: true, passed: true },
      })
      res.end()
    })
    for (const [, forge] of forgeries) {
      const { body } = await agent.get('/getcaptcha')
      await agent.post('/forge').expect(200)
      await agent.post('/login').send(forge(body.challenge, simulator.captchaId)).expect(403)
      await agent.post('/login').expect(403)
    }
    const right = await solve(agent, simulator)
    await agent.post('/forge').expect(200)
    await agent.post('/login').send(right).expect(200)
    expect(events.at(-1)).toMatchObject({ outcome: 'ok', mode: 'online' })
  })

  // Falls when: the shape of a challenge picks the check, or its beginning is enough to be taken for the issued one.
  test('attack 1: an online challenge that is dressed up as one of downtime is not judged by work', async () => {
    const { agent, validated } = open({ downtime: proofOfWork({ privateKey: simulator.privateKey, hashes: 1 }) })
    for (const dress of [
      '.gt-offline.1.1.0.',
      `.gt-offline.1.1.1.${'A'.repeat(22)}`,
      '.1',
      '__',
      '-0',
      '.gt-offline.0',
    ]) {
      const { body } = await agent.get('/getcaptcha')
      const { body: denied } = await agent
        .post('/login')
        .send(work(body.challenge + dress))
        .expect(403)
      expect(denied.code).toMatch(/unknown_challenge|bad_signature/)
    }
    expect(validated()).toEqual([])
  })

  // Falls when: a downtime answer is judged by what can be computed from it, without a ticket that asked for it.
  test('attack 30: work for a downtime challenge of one’s own making is worth nothing', async () => {
    const { agent, validated } = open()
    await agent.get('/getcaptcha')
    const own = `${'d'.repeat(32)}.gt-offline.1.1.1.${'A'.repeat(22)}`
    for (const forged of [work(own), answer(own, '0'), answer(own, own)]) {
      expect((await agent.post('/login').send(forged).expect(403)).body.code).toBe('unknown_challenge')
    }
    expect(validated()).toEqual([])
  })
})
