/** @express4 what a client accepts, bodies */
import request from 'supertest'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import type { Simulator } from '../../lib/simulator'

describe('POST /validate', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  const newcomer = () => visitor(site(credentials(simulator)).app)

  test.each(['form', 'json'])('accepts a right answer sent as %s, in the seed’s one word', async (type) => {
    const agent = newcomer()
    const answer = await solve(agent, simulator)
    const { text, headers } = await agent.post('/validate').type(type).send(answer).expect(200)
    expect(text).toBe('success')
    expect(headers['content-type']).toMatch(/^text\/plain/)
  })

  test('answers a client that prefers JSON in JSON', async () => {
    const agent = newcomer()
    const answer = await solve(agent, simulator)
    const json = () => agent.post('/validate').accept('application/json').send(answer)
    expect((await json().expect(200)).body).toEqual({ result: 'success' })
    expect((await json().expect(200)).body).toEqual({ result: 'fail', code: 'replayed' })
  })

  test('takes jQuery’s Accept header for JSON', async () => {
    const agent = newcomer()
    const answer = await solve(agent, simulator)
    const { body } = await agent
      .post('/validate')
      .set('Accept', 'application/json, text/javascript, */*; q=0.01')
      .send(answer)
    expect(body).toEqual({ result: 'success' })
  })

  test('is a verdict and no error when the answer is wrong', async () => {
    const agent = newcomer()
    const answer = await solve(agent, simulator)
    const { text } = await agent
      .post('/validate')
      .send({ ...answer, geetest_validate: 'f'.repeat(32) })
      .expect(200)
    expect(text).toBe('fail')
  })

  test('answers 400 where there is no answer to judge', async () => {
    const { body } = await newcomer().post('/validate').accept('json').send({}).expect(400)
    expect(body).toEqual({ result: 'fail', code: 'missing' })
  })

  test('accepts an answer that ends two characters longer than the challenge, as the slide does', async () => {
    const agent = newcomer()
    const answer = await solve(agent, simulator, true)
    expect(answer.geetest_challenge).toHaveLength(34)
    const { text } = await agent.post('/validate').type('form').send(answer)
    expect(text).toBe('success')
  })

  test('tells the cloud everything that a v3 SDK tells it, with the user of the issue', async () => {
    let label = 'first'
    const agent = visitor(site({ ...credentials(simulator), userId: () => label, sendUserId: 'raw' }).app)
    const answer = await solve(agent, simulator)
    label = 'second'
    simulator.forget()
    await agent.post('/validate').send(answer)
    expect(simulator.calls[0]).toMatchObject({
      method: 'POST',
      params: {
        seccode: answer.geetest_seccode,
        challenge: answer.geetest_challenge,
        captchaid: simulator.captchaId,
        user_id: 'first',
        client_type: 'web',
        ip_address: expect.stringMatching(/127\.0\.0\.1$/),
        digestmod: 'md5',
        json_format: '1',
        sdk: expect.stringMatching(/^express-geetest:/),
      },
    })
  })

  test('costs no call to the cloud for an answer that cannot be right', async () => {
    const agent = newcomer()
    const answer = await solve(agent, simulator)
    simulator.forget()
    const { body } = await agent
      .post('/validate')
      .accept('json')
      .send({ ...answer, geetest_validate: '0'.repeat(32) })
    expect(body.code).toBe('bad_signature')
    expect(simulator.calls).toEqual([])
  })

  test('says rejected, and nothing vaguer, when the cloud itself refuses', async () => {
    const agent = newcomer()
    const answer = await solve(agent, simulator)
    const { body } = await agent
      .post('/validate')
      .accept('json')
      .send({ ...answer, geetest_seccode: `${answer.geetest_validate}|not the word` })
    expect(body.code).toBe('malformed') // a blank is nothing that a captcha sends
    const again = await agent
      .post('/validate')
      .accept('json')
      .send({ ...answer, geetest_seccode: `${answer.geetest_validate}|other` })
    expect(again.body).toEqual({ result: 'fail', code: 'rejected' })
  })

  test('knows nothing of a challenge that was not issued here', async () => {
    const made = 'c'.repeat(32)
    const { body } = await request(site(credentials(simulator)).app)
      .post('/validate')
      .accept('json')
      .send({ geetest_challenge: made, geetest_validate: made, geetest_seccode: `${made}|jordan` })
    expect(body.code).toBe('unknown_challenge')
  })
})
