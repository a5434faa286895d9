/** @express4 mounting */
import express from 'express'
import { geetest, type GuardOptions, type TicketStore } from '../../lib'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, sessions, visitor, type Agent } from '../support/site'
import { evilCloud } from './support/evil-cloud'
import { storm, tally, through } from './support/storm'
import { onEveryStore } from './support/stores'

const OTHER = { captchaId: 'f'.repeat(32), privateKey: 'other-key' }

describe('what was solved', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud({ accounts: { [OTHER.captchaId]: OTHER.privateKey } })
  })

  /** A site of three forms that share a store: two scenes of one id, and the first scene's name under another id. */
  function forms(store: TicketStore, guard: GuardOptions = {}) {
    const app = express().use(sessions())
    const of = { login: {}, pay: { scene: 'pay' }, shop: OTHER }
    for (const [name, options] of Object.entries(of)) {
      const captcha = geetest({ ...credentials(simulator), store, ...options })
      app.use(`/${name}`, captcha)
      app.post(`/${name}`, captcha.validate(guard), (req, res) => void res.json(req.geetest))
    }
    app.post('/regenerate', (req, res) => req.session.regenerate(() => void res.end()))
    return app.use(errorsAsJson)
  }
  async function solve(agent: Agent, form: string): Promise<AnswerFields> {
    const { body } = await agent.get(`/${form}/getcaptcha`).expect(200)
    return simulator.answer(body.challenge)
  }

  onEveryStore((store) => {
    // Falls when: the record does not hold the scene and the id, or the guard does not compare them.
    test.each([
      ['login', 'pay'],
      ['pay', 'login'],
      ['login', 'shop'],
      ['shop', 'login'],
    ])('attack 11: at the form %s is worth nothing at the form %s', async (mine, other) => {
      const agent = visitor(forms(await store()))
      const [first, second] = [await solve(agent, mine), await solve(agent, mine)]
      const replies = [
        await agent.post(`/${other}`).send(first),
        await agent.post(`/${other}/validate`).accept('json').send(second),
      ]
      expect(replies.map(({ body }) => body.code)).toEqual(['scene_mismatch', 'scene_mismatch'])
      await agent.post(`/${other}`).expect(403)
    })

    test.each<[string, GuardOptions, '' | '/validate']>([
      ['a pass', {}, '/validate'],
      ['a grant of several uses', { uses: 10, seconds: 3600 }, ''],
      ['a pass at a guard of several uses', { uses: 10, seconds: 3600 }, '/validate'],
    ])(
      'attack 11: %s is worth nothing at another form, in another session, or after regeneration',
      async (_, guard, path) => {
        const app = forms(await store(), guard)
        const agent = visitor(app)
        const answer = await solve(agent, 'login')
        await agent.post(`/login${path}`).send(answer).expect(200)
        const thief = visitor(app)
        await thief.get('/login/getcaptcha')
        expect(through(await storm((i) => agent.post(['/pay', '/shop'][i % 2] as string), 10))).toBe(0)
        expect(through(await storm(() => thief.post('/login'), 10))).toBe(0)
        // None of them has taken it from its owner.
        expect(through([await agent.post('/login')])).toBe(1)
        const another = await solve(agent, 'login')
        await agent.post(`/login${path}`).send(another).expect(200)
        await agent.post('/regenerate').expect(200)
        expect(through(await storm(() => agent.post('/login'), 10))).toBe(0)
      },
    )

    // Falls when: the record does not hold the session, or compares it after the verdict.
    test('attack 11: one solver cannot serve 50 sessions at once', async () => {
      const app = forms(await store())
      const answer = await solve(visitor(app), 'login')
      simulator.forget()
      const replies = await storm(() => visitor(app).post('/login').send(answer))
      expect(tally(replies)).toEqual({ session_mismatch: 1, replayed: 49 })
      expect(simulator.calls).toEqual([])
    })

    // Falls when: validate or seccode are looked up by themselves, instead of belonging to the challenge that was posted.
    test('attack 11: parts of two answers do not make a third', async () => {
      const evil = await evilCloud()
      const captcha = geetest({ ...evil.credentials, store: await store() })
      const app = express().use(sessions(), captcha)
      app.post('/login', captcha.validate(), (_req, res) => void res.json({})).use(errorsAsJson)
      const agent = visitor(app)
      const issue = async () => evil.answer((await agent.get('/getcaptcha').expect(200)).body.challenge)
      const replies = []
      for (let mix = 0; mix < 8; mix++) {
        const pair = [await issue(), await issue()]
        const part = (bit: number) => pair[(mix >> bit) & 1] as AnswerFields
        const { geetest_challenge } = part(0)
        const { geetest_validate } = part(1)
        replies.push(await agent.post('/login').send({ ...part(2), geetest_challenge, geetest_validate }))
      }
      // This cloud likes every seccode, so that the two whose parts belong together pass.
      expect(tally(replies)).toEqual({ through: 2, malformed: 2, bad_signature: 4 })
    })

    // Falls when: anything is looked up by what a regenerated session carries over.
    test('attack 19: at a session id that the attacker planted is worth nothing after the login', async () => {
      const app = forms(await store(), { uses: 10, seconds: 3600 })
      const victim = visitor(app)
      const [first, second, third] = [
        await solve(victim, 'login'),
        await solve(victim, 'login'),
        await solve(victim, 'login'),
      ]
      await victim.post('/login').send(first).expect(200)
      await victim.post('/login/validate').send(third).expect(200)
      await victim.post('/regenerate').expect(200)
      expect((await victim.post('/login').send(second).expect(403)).body.code).toBe('session_mismatch')
      expect(through(await storm(() => victim.post('/login'), 20))).toBe(0)
    })
  })
})
