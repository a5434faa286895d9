import { geetest, GeetestClient } from '../../lib'
import { site, visitor } from '../support/site'
import { answered, evilCloud, md5 } from './support/evil-cloud'
import { answer, forgeries } from './support/forgeries'

describe('a verdict', () => {
  /** Everything in which somebody's parser once read a yes. */
  const NOTHINGS: [string, (digest: string) => string][] = [
    ['nothing', () => ''],
    ['true', () => 'true'],
    ['1', () => '1'],
    ['0', () => '0'],
    ['success', () => 'success'],
    ['null', () => 'null'],
    ['an empty list', () => '[]'],
    ['an empty object', () => '{}'],
    ['a page in HTML', () => '<html>Please accept the terms of this hotel</html>'],
    ['JSON true', () => '{"seccode":true}'],
    ['JSON 1', () => '{"seccode":1}'],
    ['an empty text', () => '{"seccode":""}'],
    ['JSON false', () => '{"seccode":false}'],
    ['JSON null', () => '{"seccode":null}'],
    ['a status', () => '{"status":"success","result":"success"}'],
    ['the digest in a list', (digest) => `{"seccode":["${digest}"]}`],
    ['a list of the digest', (digest) => `["${digest}"]`],
    ['the digest as a JSON text', (digest) => `"${digest}"`],
    ['the digest under another name', (digest) => `{"SECCODE":"${digest}","validate":"${digest}"}`],
    ['the digest one level down', (digest) => `{"data":{"seccode":"${digest}"}}`],
    ['the digest in the prototype', (digest) => `{"__proto__":{"seccode":"${digest}"}}`],
    ['the digest in capitals', (digest) => digest.toUpperCase()],
    ['the digest and a line break', (digest) => `${digest}\n`],
    ['the digest behind a blank', (digest) => ` ${digest}`],
    ['the digest among others', (digest) => `${md5('x')},${digest}`],
    ['the beginning of the digest', (digest) => digest.slice(0, 31)],
    ['the digest and more', (digest) => `${digest}0`],
    ['the digest of another seccode', () => md5('another|jordan')],
    ['the digest of nothing', () => md5('')],
    ['a digest that is zero to loose eyes', () => `0e${'1'.repeat(30)}`],
    ['False', () => 'False'],
    ['broken JSON', (digest) => `{"seccode":"${digest}"`],
    ['JSON behind a blank', (digest) => ` {"seccode":"${digest}"}`],
  ]

  // Falls when: a yes is anything but the exact digest of this seccode, or a no is anything but the word false.
  test.each(NOTHINGS)('attack 17: %s is neither a yes nor a no', async (_, reply) => {
    const evil = await evilCloud({ validate: (res, params) => res.end(reply(md5(String(params.get('seccode'))))) })
    const { agent, right } = await answered(evil)
    await agent.post('/validate').accept('json').send(right).expect(503, { result: 'fail', code: 'unavailable' })
    expect((await agent.post('/login').send(right).expect(503)).body.code).toBe('unavailable')
    await agent.post('/login').expect(403)
  })

  test.each([201, 202, 203, 206, 299, 300, 304, 400, 403, 404, 500, 503])(
    'attack 17: the digest under status %i is no verdict',
    async (status) => {
      const evil = await evilCloud({
        validate: (res, params) => res.writeHead(status).end(md5(String(params.get('seccode')))),
      })
      const { agent, right } = await answered(evil)
      expect((await agent.post('/login').send(right).expect(503)).body.code).toBe('unavailable')
    },
  )

  test.each([
    ['{"seccode":"false"}', 403],
    ['false', 403],
  ])('attack 17: %s is a no, and uses the answer up', async (reply, status) => {
    const evil = await evilCloud({ validate: (res) => res.end(reply) })
    const { agent, right } = await answered(evil)
    expect((await agent.post('/login').send(right).expect(status)).body.code).toBe('rejected')
    expect((await agent.post('/login').send(right).expect(status)).body.code).toBe('replayed')
  })

  test.each([
    ['{"challenge":true}', 'JSON true'],
    [`{"challenge":["${'0'.repeat(32)}"]}`, 'a list'],
    ['0'.repeat(31), 'a digit less'],
    ['0'.repeat(33), 'a digit more'],
    [`${'0'.repeat(32)}\n`, 'a line break more'],
    ['', 'nothing'],
  ])('attack 17: what register.php should never say is no challenge: %j (%s)', async (reply) => {
    const { success } = await answered(await evilCloud({ register: (res) => res.end(reply) }))
    expect(success).toBe(0)
  })
})

describe('on a wire that is not one’s own', () => {
  // Falls when: plain http to another machine is accepted unless somebody objects, or by an address that looks like this machine's.
  test.each([
    'http://api.geetest.com',
    'HTTP://API.GEETEST.COM',
    'http://10.0.0.5:7001',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://evil.localhost',
    'http://0.0.0.0:7001',
    'http://[::ffff:10.0.0.1]',
    'http://[fe80::1]',
    'http://169.254.169.254',
    'http://xn--localhost-9na',
  ])('attack 16: %s is refused at construction', (address) => {
    const own = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }
    const plain = /plain http to another machine/
    expect(() => geetest({ ...own, apiServer: address })).toThrow(plain)
    expect(() => new GeetestClient({ ...own, apiServer: address })).toThrow(plain)
    expect(() => geetest({ ...own, bypass: { url: `${address}/bypass` } })).toThrow(plain)
    expect(() => geetest({ ...own, apiServer: address, allowInsecure: 'true' as never })).toThrow(/allowInsecure/)
  })

  test('attack 16: unless told otherwise, the cloud is asked over https', async () => {
    const asked: unknown[] = []
    const http = { request: (config: object) => Promise.resolve({ status: asked.push(config), data: '' }) }
    const { app } = site({ captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret', http })
    await visitor(app).get('/getcaptcha').expect(200)
    expect(asked).toEqual([expect.objectContaining({ url: expect.stringMatching(/^https:\/\/api\.geetest\.com\//) })])
  })

  // Falls when: the cloud's yes is believed without the signature that only the key makes.
  test.each(forgeries)('attack 16: a middleman who says yes to everything makes no answer of %s', async (_, forge) => {
    const origin = 'f'.repeat(32)
    const evil = await evilCloud({ register: (res) => res.end(origin) })
    const { agent, challenge } = await answered(evil)
    const forged = forge(challenge, evil.credentials.captchaId)
    expect((await agent.post('/login').send(forged).expect(403)).body.code).toBe('bad_signature')
    expect(evil.requests.filter(({ path }) => path === '/validate.php')).toEqual([])
  })

  test('attack 16: a middleman who knows what register.php said does not know the challenge’s signature', async () => {
    const origin = 'f'.repeat(32)
    const evil = await evilCloud({ register: (res) => res.end(origin) })
    const guesses = [md5(origin), md5(`geetest${origin}`), md5(`${origin}geetest`), origin]
    for (const guess of guesses) {
      const { agent, challenge } = await answered(evil)
      await agent.post('/login').send(answer(challenge, guess)).expect(403)
    }
  })
})
