import { createHmac } from 'node:crypto'
import { proofOfWork } from '../../lib'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { work } from '../support/work'
import { answer } from './support/forgeries'

describe('a text that is signed', () => {
  const ID = 'a'.repeat(32)
  const provider = proofOfWork({ privateKey: 'k', hashes: 1296 })
  const issued = `${ID}.gt-offline.${provider.issue(ID)}`
  const [, , version, hashes, count, signature] = issued.split('.') as [string, string, string, string, string, string]
  const of = (...parts: string[]) => [ID, 'gt-offline', ...parts].join('.')

  /** Does the work that a challenge names where that can be done, and else what the real one asked for. */
  function attempt(challenge: string): ReturnType<typeof work> {
    const [, , , each = '', many = ''] = challenge.split('.')
    const feasible = [each, many].every((number) => /^[0-9a-z]{1,3}$/.test(number) && parseInt(number, 36) < 1500)
    return feasible ? work(challenge) : { ...work(issued), geetest_challenge: challenge }
  }

  /** Other challenges under the same signature: whatever a reader might take for the one that was signed. */
  const SPLICES: [string, string][] = [
    ['less work', of(version, '1', count, signature)],
    ['fewer puzzles', of(version, hashes, '1', signature)],
    // 1296 hashes are `100` in base 36: with its last digit moved over the border, 36 are left.
    ['a digit moved over the border', of(version, hashes.slice(0, -1), `${hashes.slice(-1)}${count}`, signature)],
    ['a digit moved the other way', of(version, `${hashes}${count}`, '0', signature)],
    ['the two numbers changed about', of(version, count, hashes, signature)],
    ['zeros in front', of(version, `0${hashes}`, count, signature)],
    ['capitals', of(version, hashes.toUpperCase(), count.toUpperCase(), signature)],
    ['a sign', of(version, `-${hashes}`, count, signature)],
    ['a number without end', of(version, 'zzzzzzzz', count, signature)],
    ['no work at all', of(version, '0', '0', signature)],
    ['another version', of('2', hashes, count, signature)],
    ['no version', of(hashes, count, signature)],
    ['a field more', of(version, hashes, count, '1', signature)],
    ['a field before', of('1', version, hashes, count, signature)],
    ['another script', issued.replace('gt-offline', 'gt-offlinf')],
    ['another id', issued.replace(ID, 'b'.repeat(32))],
    ['a longer id', `a${issued}`],
    ['an id in capitals', issued.replace(ID, ID.toUpperCase())],
    ['a longer signature', `${issued}A`],
    ['a shorter signature', issued.slice(0, -1)],
    ['two more characters, as of a slide', `${issued}a7`],
    ['no signature', of(version, hashes, count, '')],
    ['a dot more', `${issued}.`],
    ['a line break more', `${issued}\n`],
    ['the challenge twice', `${issued}.${issued}`],
  ]

  // Falls when: fields are joined without their borders, or numbers are read from anything but what was signed.
  test.each(SPLICES)('attack 28: does not vouch for %s', (_, spliced) => {
    expect(provider.verify(plain(work(issued)))).toBe(true)
    expect(provider.verify(plain(attempt(spliced)))).toBe(false)
  })

  test.each(SPLICES.filter(([, spliced]) => spliced.startsWith(ID)))(
    'attack 28: does not open the guard for %s either',
    async (_, spliced) => {
      const simulator = await cloud({ privateKey: 'k' })
      const { app, captcha } = site({
        ...credentials(simulator),
        downtime: proofOfWork({ privateKey: 'k', hashes: 1296 }),
      })
      captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
      const agent = visitor(app)
      const { body } = await agent.get('/getcaptcha').expect(200)
      const own = spliced.replaceAll(ID, body.challenge.slice(0, 32)).replaceAll(signature, body.challenge.slice(-22))
      const { status } = await agent.post('/login').send(attempt(own))
      expect([400, 403]).toContain(status)
    },
  )

  // Falls when: one key signs for two purposes.
  test('attack 28: under one purpose is worth nothing under another: a label’s hash is no signature', async () => {
    const simulator = await cloud({ privateKey: 'k' })
    const easy = of('1', '1', '1')
    const { app } = site({ ...credentials(simulator), userId: () => easy })
    await visitor(app).get('/getcaptcha').expect(200)
    const hash = Buffer.from(String(simulator.calls[0]?.params.user_id), 'hex')
    expect(hash).toHaveLength(16)
    const signatures = Array.from({ length: 256 }, (_, last) =>
      Buffer.from([...hash, last])
        .toString('base64url')
        .slice(0, 22),
    )
    for (const forged of new Set(signatures)) expect(provider.verify(plain(work(`${easy}.${forged}`)))).toBe(false)
  })

  test('attack 28: is not signed with the key itself, under any simple construction', () => {
    const easy = of('1', '1', '1')
    const macs = [createHmac('sha256', 'k').update(easy), createHmac('sha256', '').update(`k${easy}`)].map((mac) =>
      mac.digest('base64url'),
    )
    for (const mac of macs) expect(provider.verify(plain(work(`${easy}.${mac.slice(0, 22)}`)))).toBe(false)
  })

  // Falls when: a challenge may be longer than the signed one by bytes of the visitor's choice.
  test('attack 28: is not extended: more text behind a signed challenge is another challenge', async () => {
    const simulator = await cloud()
    const agent = visitor(site(credentials(simulator)).app)
    const tails = ['\x80\0\0', '%80%00', '00', 'a7a7', '0'.repeat(64)]
    for (const tail of tails) {
      const { geetest_challenge, geetest_validate } = await solve(agent, simulator)
      simulator.forget()
      const { status } = await agent.post('/login').send(answer(geetest_challenge + tail, geetest_validate))
      expect([400, 403]).toContain(status)
      expect(simulator.calls).toEqual([])
    }
  })

  const plain = (fields: ReturnType<typeof work>) => ({
    challenge: fields.geetest_challenge,
    validate: fields.geetest_validate,
    seccode: 'x',
  })
})
