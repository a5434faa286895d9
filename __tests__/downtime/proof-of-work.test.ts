import { proofOfWork, type GeetestOptions } from '../../lib'
import { md5 } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, visitor, type Agent } from '../support/site'
import { nonce, work } from '../support/work'

/** Hashes per puzzle in tests: 32 puzzles of it are done in a few milliseconds. */
const LIGHT = 16

describe('proof of work', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
    await simulator.fault('refuse')
  })
  const light = (key = simulator.privateKey) => proofOfWork({ privateKey: key, hashes: LIGHT })
  const open = (options: Partial<GeetestOptions> = {}) =>
    visitor(site({ ...credentials(simulator), downtime: light(), ...options }).app)
  const issue = async (agent: Agent): Promise<string> => (await agent.get('/getcaptcha').expect(200)).body.challenge

  test('is what an outage asks for unless another provider is chosen', async () => {
    const { app } = site(credentials(simulator))
    const { body } = await visitor(app).get('/getcaptcha').expect(200)
    // 32 puzzles (w in base 36) of 32768 hashes (pa8) each.
    expect(body.challenge).toMatch(/^[0-9a-f]{32}\.gt-offline\.1\.pa8\.w\.[\w-]{22}$/)
    expect(parseInt('pa8', 36) * parseInt('w', 36)).toBe(2 ** 20)
  })

  test('lets a visitor through who did it', async () => {
    const agent = open()
    const answer = work(await issue(agent))
    const { body } = await agent.post('/login').send(answer).expect(200)
    expect(body).toMatchObject({ ok: true, mode: 'proof-of-work' })
  })

  test('lets a visitor through who spends the pass for it', async () => {
    const agent = open()
    const answer = work(await issue(agent))
    await agent.post('/validate').type('form').send(answer).expect(200, 'success')
    expect((await agent.post('/login').expect(200)).body.via).toBe('pass')
  })

  test('is worth nothing a second time', async () => {
    const agent = open()
    const answer = work(await issue(agent))
    await agent.post('/login').send(answer).expect(200)
    expect((await agent.post('/login').send(answer).expect(403)).body.code).toBe('replayed')
  })

  test('done for another ticket is worth nothing', async () => {
    const agent = open()
    const [first, second] = [work(await issue(agent)), await issue(agent)]
    const { body } = await agent
      .post('/login')
      .send({ ...first, geetest_challenge: second })
      .expect(403)
    expect(body.code).toBe('downtime_unsolved')
  })

  test('done in another session is worth nothing', async () => {
    const { app } = site({ ...credentials(simulator), downtime: light() })
    const answer = work(await issue(visitor(app)))
    const thief = visitor(app)
    await issue(thief)
    expect((await thief.post('/login').send(answer).expect(403)).body.code).toBe('session_mismatch')
  })

  const forgeries: [string, (challenge: string) => string][] = [
    ['md5(challenge)', md5],
    ['the raw challenge', (challenge) => challenge],
    ['any string', () => 'x'],
    ['32 strings', () => Array(32).fill('0').join('.')],
    ['one puzzle less', (challenge) => work(challenge).geetest_validate.split('.').slice(1).join('.')],
    ['one puzzle more', (challenge) => `${work(challenge).geetest_validate}.0`],
    [
      'one puzzle wrong',
      (challenge) => work(challenge).geetest_validate.replace(/[0-9a-z]+$/, nonce(challenge, 31, false)),
    ],
    ['one puzzle less', (challenge) => work(challenge).geetest_validate.replace(/\.[0-9a-z]+$/, '')],
    ['one puzzle more', (challenge) => `${work(challenge).geetest_validate}.${nonce(challenge, 32)}`],
    ['the puzzles in another order', (challenge) => work(challenge).geetest_validate.split('.').toReversed().join('.')],
    ['upper case', (challenge) => work(challenge).geetest_validate.toUpperCase().padEnd(3, 'A')],
    ['nonces with blanks of another kind', (challenge) => work(challenge).geetest_validate.replaceAll('.', '..')],
  ]
  test.each(forgeries)('is not %s', async (_, forge) => {
    const agent = open()
    const challenge = await issue(agent)
    const validate = forge(challenge)
    const forged = { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: 'x' }
    expect((await agent.post('/login').send(forged).expect(403)).body.code).toBe('downtime_unsolved')
  })

  const easier: [string, (challenge: string) => string][] = [
    ['fewer hashes', (challenge) => challenge.replace(/\.1\.g\./, '.1.1.')],
    ['fewer puzzles', (challenge) => challenge.replace(/\.w\./, '.1.')],
    ['no puzzles and no signature', (challenge) => `${challenge.slice(0, 32)}.gt-offline.1.1.0`],
    ['two characters more', (challenge) => `${challenge}ab`],
  ]
  test.each(easier)('for a lower difficulty of one’s own making is worth nothing: %s', async (_, ease) => {
    const agent = open()
    const answer = work(ease(await issue(agent)))
    expect((await agent.post('/login').send(answer).expect(403)).body.code).toMatch(
      /unknown_challenge|downtime_unsolved/,
    )
  })

  test('is signed: even the core’s own ticket cannot make it easier', () => {
    const provider = light()
    const id = 'a'.repeat(32)
    const challenge = `${id}.gt-offline.${provider.issue(id)}`
    const verify = (text: string) => provider.verify({ ...plain(work(text)), seccode: 'x' })
    expect(verify(challenge)).toBe(true)
    expect(verify(challenge.replace('.1.g.', '.1.1.'))).toBe(false)
    expect(verify(challenge.replace(id, 'b'.repeat(32)))).toBe(false)
    expect(light('another key').verify({ ...plain(work(challenge)), seccode: 'x' })).toBe(false)
  })

  test('can be checked by every node that has the key', () => {
    const id = 'c'.repeat(32)
    const challenge = `${id}.gt-offline.${light().issue(id)}`
    expect(light().verify({ ...plain(work(challenge)), seccode: 'x' })).toBe(true)
  })

  test('never repeats a challenge', async () => {
    const agent = open()
    const challenges = await Promise.all(Array.from({ length: 200 }, () => issue(agent)))
    expect(new Set(challenges.map((challenge) => challenge.slice(0, 32))).size).toBe(200)
  })

  const plain = (answer: ReturnType<typeof work>) => ({
    challenge: answer.geetest_challenge,
    validate: answer.geetest_validate,
  })
})

test.each([0, 1.5, NaN, 2 ** 21])('proofOfWork refuses %p hashes', (hashes) => {
  expect(() => proofOfWork({ privateKey: 'k', hashes })).toThrow(
    /hashes is .*; write a whole number from 1 to 2 \*\* 20/,
  )
})

describe('the difficulty of the work', () => {
  const made = proofOfWork({ privateKey: 'k', hashes: 100 })
  const hashes = (...terms: { work: number }[]) =>
    parseInt(String(made.issue('a'.repeat(32), ...terms).split('.')[1]), 36)

  test('is its base for whoever asks for no more than a fair share', () => {
    expect([hashes(), hashes({ work: 1 })]).toEqual([100, 100])
  })

  test.each([2, 4, 8])('is %p times as much where it is told so', (work) => {
    expect(hashes({ work })).toBe(100 * work)
  })

  test('does not rise by itself, whatever others ask for and answer', async () => {
    Array.from({ length: 5000 }, () => hashes({ work: 8 }))
    const wrong = async () => made.verify({ challenge: 'x', validate: 'x', seccode: 'x' })
    await Promise.all(Array.from({ length: 500 }, wrong))
    expect(hashes()).toBe(100)
  })
})

describe('the other built-in providers', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
    await simulator.fault('refuse')
  })

  test('deny closes the form, in words of its own', async () => {
    const agent = visitor(site({ ...credentials(simulator), downtime: 'deny' }).app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    expect(body.challenge).toMatch(/^[0-9a-f]{32}\.gt-offline\.0$/)
    const denied = await agent.post('/login').send(work(body.challenge)).expect(403)
    expect(denied.body.code).toBe('downtime_denied')
  })

  test('allow lets everyone through once per challenge, and each is an event', async () => {
    const seen: string[] = []
    const { app } = site({ ...credentials(simulator), downtime: 'allow', onEvent: ({ type }) => void seen.push(type) })
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    expect((await agent.post('/login').send(work(body.challenge)).expect(200)).body.mode).toBe('allow')
    await agent.post('/login').send(work(body.challenge)).expect(403)
    await agent.post('/login').expect(403)
    expect(seen.filter((type) => type === 'allowed')).toHaveLength(1)
  })
})

describe('a guard with a policy of its own', () => {
  async function guarded(downtime: string, options: Partial<GeetestOptions> = {}) {
    const simulator = await cloud()
    const seen: string[] = []
    const onEvent: GeetestOptions['onEvent'] = ({ type }) => void seen.push(type)
    const light = proofOfWork({ privateKey: simulator.privateKey, hashes: LIGHT })
    const { app, captcha } = site({ ...credentials(simulator), downtime: light, onEvent, ...options })
    app.post('/own', captcha.validate({ downtime }), (req, res) => void res.json(req.geetest))
    const agent = visitor(app)
    const down = () => captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    const solved = async () => {
      const { body } = await agent.get('/getcaptcha')
      return body.success ? simulator.answer(body.challenge) : work(body.challenge)
    }
    return { agent, down, solved, seen }
  }

  test('deny accepts the cloud’s verdict and no other', async () => {
    const { agent, down, solved } = await guarded('deny')
    const online = await solved()
    await agent.post('/own').send(online).expect(200)
    down()
    const offline = await solved()
    await agent.post('/own').send(offline).expect(403)
  })

  test('deny does not take a pass that was earned offline', async () => {
    const { agent, down, solved } = await guarded('deny')
    down()
    const answer = await solved()
    await agent.post('/validate').send(answer).expect('success')
    await agent.post('/own').expect(403)
  })

  test('a provider’s name accepts that provider’s answers', async () => {
    const { agent, down, solved } = await guarded('proof-of-work')
    down()
    const answer = await solved()
    await agent.post('/own').send(answer).expect(200)
  })

  test.each(['proof_of_work', 'failback', 'online'])(
    '%s is refused at construction: this scene never asks for it',
    async (name) => {
      await expect(guarded(name)).rejects.toThrow(/option downtime is ".*"; write one of deny, allow, proof-of-work/)
    },
  )

  test('allow lets everyone through without an answer while the cloud is down, loudly, and nobody while it is up', async () => {
    const { agent, down, seen } = await guarded('allow')
    await agent.post('/own').expect(403)
    down()
    const { body } = await agent.post('/own').expect(200)
    expect(body).toMatchObject({ mode: 'allow', via: 'none' })
    expect(seen.filter((type) => type === 'allowed')).toHaveLength(1)
  })

  test('allow does not rescue an answer that is present and wrong', async () => {
    const { agent, down, solved } = await guarded('allow')
    down()
    const answer = await solved()
    await agent
      .post('/own')
      .send({ ...answer, geetest_validate: 'x' })
      .expect(403)
  })
})
