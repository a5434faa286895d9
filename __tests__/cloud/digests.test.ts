import { createHash, createHmac } from 'node:crypto'
import { GeetestClient } from '../../lib'
import { answer } from '../attacks/support/forgeries'
import { evilCloud } from '../attacks/support/evil-cloud'
import { site, visitor } from '../support/site'

const KEY = 'k'
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (text: string): string => createHmac('sha256', KEY).update(text).digest('hex')

/** What the vendor's SDKs compute for accounts of that kind: most md5, its Ruby one the account's own. */
const ACCOUNTS = [
  ['sha256', [md5, sha256]],
  ['hmac-sha256', [md5, hmac]],
] as const

describe.each(ACCOUNTS)('an account of %s', (digest, digests) => {
  /** A guarded site, its cloud, and a challenge of it. */
  async function account() {
    const evil = await evilCloud()
    const agent = visitor(site({ ...evil.credentials, digest }).app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    const post = (validate: string) => agent.post('/login').send(answer(body.challenge, validate))
    const asked = () => evil.requests.filter(({ path }) => path === '/validate.php').length
    return { evil, challenge: body.challenge as string, post, asked }
  }
  const text = (challenge: string) => `${KEY}geetest${challenge}`

  test.each(digests)('passes a validate by whichever digest its cloud may have used', async (sign) => {
    const { challenge, post } = await account()
    await post(sign(text(challenge))).expect(200)
  })

  test.each(digests)('takes the cloud’s yes by whichever digest, of the very seccode', async (digestOf) => {
    const { evil, challenge, post } = await account()
    evil.validate = (res, params) => res.end(digestOf(String(params.get('seccode'))))
    await post(md5(text(challenge))).expect(200)
  })

  test('leaves a validate to the cloud of which nobody knows how it was made', async () => {
    const { evil, challenge, post, asked } = await account()
    evil.validate = (res) => res.end('false')
    expect((await post(sha256(`unheard of ${challenge}`)).expect(403)).body.code).toBe('rejected')
    expect(asked()).toBe(1)
  })

  test.each([
    'x',
    'a'.repeat(31),
    'a'.repeat(33),
    'a'.repeat(63),
    'a'.repeat(65),
    'g'.repeat(32),
    `${'a'.repeat(31)}_`,
  ])('refuses %s, which is no digest at all, without a call', async (junk) => {
    const { post, asked } = await account()
    expect((await post(junk).expect(403)).body.code).toBe('bad_signature')
    expect(asked()).toBe(0)
  })

  test.each<[string, (seccode: string) => string]>([
    ['another seccode', (seccode) => sha256(`${seccode}x`)],
    ['the challenge', () => md5('challenge')],
    ['capitals', (seccode) => md5(seccode).toUpperCase()],
  ])('takes no digest of %s for a yes', async (_, reply) => {
    const { evil, challenge, post } = await account()
    evil.validate = (res, params) => res.end(reply(String(params.get('seccode'))))
    expect((await post(md5(text(challenge))).expect(503)).body.code).toBe('unavailable')
  })

  test('GeetestClient does as the guard does', async () => {
    const evil = await evilCloud()
    const client = new GeetestClient({ ...evil.credentials, digest })
    const { response } = await client.register()
    const ask = (validate: string) => client.successValidate(response.challenge, validate, `${validate}|jordan`)
    for (const sign of digests) expect(await ask(sign(text(response.challenge)))).toBe('ok')
    expect(await ask('a'.repeat(33))).toBe('refused')
  })
})

describe('an account of md5', () => {
  test.each([sha256, hmac])('refuses every other digest without a call', async (sign) => {
    const evil = await evilCloud()
    const agent = visitor(site(evil.credentials).app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    const made = sign(`${KEY}geetest${body.challenge}`)
    expect((await agent.post('/login').send(answer(body.challenge, made)).expect(403)).body.code).toBe('bad_signature')
    expect(evil.requests.filter(({ path }) => path === '/validate.php')).toEqual([])
  })

  test.each([sha256, hmac])('takes the cloud’s yes by md5 alone', async (digestOf) => {
    const evil = await evilCloud({ validate: (res, params) => res.end(digestOf(String(params.get('seccode')))) })
    const agent = visitor(site(evil.credentials).app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    await agent.post('/login').send(evil.answer(body.challenge)).expect(503)
  })
})
