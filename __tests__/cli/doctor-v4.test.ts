import { MemoryStore, SPENT, type GeetestOptions, type TicketStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { command, deployment, diagnose, ownTickets, serve, type Seed } from '../support/patient'
import { cloud } from '../support/site'
import { credentials4 } from '../support/site-v4'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))
beforeEach(() => simulator.forget())

const STRANGE = 'c0ffee'.repeat(5) + '00'

/** A file whose options go straight to a cloud on this machine. */
const toward = (more: Partial<GeetestOptions> = {}): Seed => ({
  file: () => ({ options: { ...credentials4(simulator), store: ownTickets(), ...more } }),
})
const site = (options: Partial<GeetestOptions> = {}): Seed => ({
  file: () => deployment(simulator, { options: { version: 4, ...options } }),
})
/** A cloud that knows a strange id at this endpoint alone. */
async function knowingAt(endpoint: '/validate' | '/register.php'): Promise<string> {
  const port = await serve((req, res) => {
    if (req.url?.startsWith(`${endpoint}?`)) req.url = req.url.replace(STRANGE, simulator.captchaId)
    void simulator.handler(req, res)
  })
  return `http://127.0.0.1:${port}`
}

describe('of a site with version 4 the doctor', () => {
  test('says nothing where nothing is wrong', async () => {
    const { findings, exit } = await diagnose(site())
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['session', 'store_claim', 'getcaptcha', 'cached', 'loader', 'cloud_validate']),
    )
    expect(exit).toBe(0)
  })

  test('recognises id and key, by the calls of version 4 alone', async () => {
    const { find } = await diagnose(toward())
    expect(['cloud_validate', 'cloud_key', 'cloud_latency', 'clock'].map((code) => find(code)?.level)).toEqual(
      Array.from({ length: 4 }, () => 'ok'),
    )
    expect(find('cloud_register')).toBeUndefined()
    expect(new Set(simulator.calls.map(({ endpoint }) => endpoint))).toEqual(new Set(['validate4']))
  })

  test('looks for the scripts of version 4', async () => {
    expect((await diagnose(site())).find('loader')?.message).toBe('Served: gt4.js, gt4-offline.js.')
  })

  test('takes a visitor through an outage and out of it', async () => {
    for (const downtime of ['proof-of-work', 'allow', 'deny'] as const) {
      const { drill, exit } = await diagnose({ ...site({ downtime }), args: ['--drill'] })
      expect([drill?.ok, drill?.lines.length, exit]).toEqual([true, downtime === 'deny' ? 3 : 6, 0])
    }
  })
})

const bothClaim: TicketStore = { ...ownTickets(), claim: () => undefined }
const nobodyClaims: TicketStore = { ...ownTickets(), claim: () => SPENT }
const failing: TicketStore = { ...ownTickets(), claim: () => Promise.reject(new Error('closed')) }

type Row = [title: string, code: string, words: RegExp, write: RegExp, seed: () => Seed | Promise<Seed>]

describe('of version 4 the doctor names', () => {
  const faulty = async (code: string) => (await simulator.fault('error-code', { code }), toward())
  test.each<Row>([
    ['an unknown id', 'cloud_validate', /-50103/, /GEETEST4_ID.*version: 3/, () => toward({ captchaId: STRANGE })],
    ['a deleted id', 'cloud_validate', /deleted/, /GEETEST4_ID/, () => faulty('-50104')],
    ['a paused id', 'cloud_validate', /paused/, /console/, () => faulty('-50105')],
    ['a cloud in trouble', 'cloud_validate', /-50000/, /captcha\.status/, () => faulty('-50000')],
    [
      'an id of version 3',
      'cloud_validate',
      /is of version 3/,
      /^version: 3$/,
      async () => toward({ captchaId: STRANGE, apiServer: await knowingAt('/register.php') }),
    ],
    [
      'an id of version 3 in the environment',
      'cloud_validate',
      /is of version 3/,
      /^GEETEST_ID=/,
      async () => ({
        env: {
          GEETEST4_ID: STRANGE,
          GEETEST4_KEY: 'of-version-3',
          GEETEST4_API_SERVER: await knowingAt('/register.php'),
        },
      }),
    ],
    [
      'that an id for version 3 is of version 4',
      'cloud_register',
      /is of version 4/,
      /^version: 4$/,
      async () => toward({ version: 3, captchaId: STRANGE, apiServer: await knowingAt('/validate') }),
    ],
    ['the key of another id', 'cloud_key', /signature/, /GEETEST4_KEY/, () => toward({ privateKey: 'of-another' })],
    ['an unknown id behind a proxy', 'cloud_validate', /-50103/, /GEETEST4_ID/, () => site({ captchaId: STRANGE })],
    ['the key of another id behind a proxy', 'cloud_key', /signature/, /KEY/, () => site({ privateKey: 'of-another' })],
    ['a port where nobody is', 'cloud_connect', /./, /proxy/, () => toward({ apiServer: 'http://127.0.0.1:1' })],
    [
      'a cloud that says nothing',
      'cloud_validate',
      /500 ms/,
      /curl/,
      async () => (await simulator.fault('hang'), { ...toward(), patience: 500 }),
    ],
    [
      'a broken cloud',
      'cloud_validate',
      /502/,
      /curl .*\/validate$/,
      async () => (await simulator.fault('502'), toward()),
    ],
    [
      'a hotel in place of a cloud',
      'cloud_validate',
      /is it a captcha cloud/,
      /gcaptcha4/,
      async () => (await simulator.fault('garbage'), toward()),
    ],
    [
      'a cloud that accepts what nobody answered',
      'cloud_validate',
      /everyone/,
      /gcaptcha4/,
      async () => {
        const port = await serve((_req, res) => void res.end('{"status":"success","result":"success"}'))
        return toward({ apiServer: `http://127.0.0.1:${port}` })
      },
    ],
    ['a store that lets two claim', 'store_claim', /twice/, /claims: true/, () => site({ store: bothClaim })],
    ['a store that lets nobody claim', 'store_claim', /nobody/, /claims: true/, () => site({ store: nobodyClaims })],
    ['a store that fails', 'store_claim', /closed/, /connect/, () => site({ store: failing })],
    ['a store that cannot claim', 'options', /claim/, /^store: new RedisStore/, () => toward({ store: onlyTakes() })],
    ['an option of version 3', 'options', /digest/, /^digest: undefined/, () => toward({ digest: 'sha256' })],
    ['a simulator in production', 'upstream', /lets everyone/, /gcaptcha4\.geetest\.com/, () => toward()],
  ])('%s', async (_title, code, words, write, seed) => {
    const { find, exit } = await diagnose(await seed())
    const matching = { message: expect.stringMatching(words), write: expect.stringMatching(write) }
    expect(find(code)).toEqual(expect.objectContaining({ level: 'problem', ...matching }))
    expect(exit).toBe(1)
  })

  test('nothing of the key where the cloud does not look at signatures first', async () => {
    const port = await serve((_req, res) => void res.end('{"status":"error","code":"-50303"}'))
    const { find } = await diagnose(toward({ apiServer: `http://127.0.0.1:${port}` }))
    expect([find('cloud_validate')?.level, find('cloud_key')]).toEqual(['ok', undefined])
  })

  test('the same in Chinese', async () => {
    await simulator.fault('error-code', { code: '-50105' })
    expect((await command(['doctor', 'app.js', '--lang', 'zh'], toward())).out).toMatch(/^问题 +cloud_validate .*停用/m)
  })
})

function onlyTakes(): TicketStore {
  const inner = new MemoryStore()
  return { put: (...record) => inner.put(...record), take: (id) => inner.take(id) }
}

describe('in the environment', () => {
  const account4 = () => ({
    GEETEST4_ID: simulator.captchaId,
    GEETEST4_KEY: simulator.privateKey,
    GEETEST4_API_SERVER: simulator.url,
  })

  test('GEETEST4_ID and its neighbours mean version 4', async () => {
    const { find } = await diagnose({ env: account4() })
    expect([find('cloud_validate')?.level, find('cloud_key')?.level]).toEqual(['ok', 'ok'])
  })

  test('accounts of both versions are one too many, and the doctor says which it looks at', async () => {
    const { captchaId: GEETEST_ID, privateKey: GEETEST_KEY, url: GEETEST_API_SERVER } = simulator
    const { find } = await diagnose({ env: { ...account4(), GEETEST_ID, GEETEST_KEY, GEETEST_API_SERVER } })
    expect(find('options')).toEqual(
      expect.objectContaining({ level: 'warning', write: expect.stringMatching(/^GEETEST_ID= /) }),
    )
  })
})

describe('from outside', () => {
  test('the doctor tells version 4 by what the page is told', async () => {
    const { url, captchaId: gt } = simulator
    const told = { success: 1, gt, challenge: '', new_captcha: true, version: 4 }
    const issue = JSON.stringify({ ...told, api_server: url.replace('http://', ''), protocol: 'http://' })
    const scripts = { 'Content-Type': 'text/javascript', 'X-Content-Type-Options': 'nosniff' }
    const port = await serve((req, res) => {
      if (req.url === '/getcaptcha') return void res.writeHead(200, { 'Cache-Control': 'no-store' }).end(issue)
      if (req.url === '/gt4.js') return void res.writeHead(200, scripts).end('initGeetest4')
      res.writeHead(404).end()
    })
    const { find } = await diagnose({ args: ['--url', `http://127.0.0.1:${port}`] })
    expect(['getcaptcha', 'cached', 'cloud_validate'].map((code) => find(code)?.level)).toEqual(['ok', 'ok', 'ok'])
    expect(find('loader')).toEqual(
      expect.objectContaining({ level: 'problem', message: expect.stringMatching(/gt4-offline\.js/) }),
    )
  })
})
