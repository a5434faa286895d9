import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { express4, home, LIMIT_MS, run, runBeside } from './support/folder'

const SETTINGS = [
  '--strict',
  '--noEmit',
  '--target',
  'es2022',
  '--exactOptionalPropertyTypes',
  '--noUncheckedIndexedAccess',
]
const COMPILERS = ['typescript59', 'typescript6', 'typescript7']
const RESOLUTIONS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const

/** A site that touches everything that the package exports, in types and in values. */
const SITE = `
import express, { type ErrorRequestHandler, type Request } from 'express'
import session from 'express-session'
import { geetest, GeetestClient, GeetestError, isReason, MemoryStore, reasons, type GeetestEvent, type Reason, type Verdict } from 'express-geetest'
import { RedisStore } from 'express-geetest/redis'
import { createSimulator } from 'express-geetest/simulator'
import { storeContract } from 'express-geetest/store-contract'
import { createClient } from 'redis'

export async function start(): Promise<number> {
  const simulator = createSimulator()
  await simulator.start()
  const { captchaId, privateKey, url: apiServer } = simulator
  const seen: GeetestEvent[] = []
  const captcha = geetest({ captchaId, privateKey, apiServer, store: new MemoryStore(), onEvent: (event) => void seen.push(event) })
  const app = express()
  app.use(session({ secret: 'stranger', resave: false, saveUninitialized: false }))
  app.use(captcha)
  app.post('/login', captcha.validate({ uses: 2 }), (req, res) => {
    const scene: string = req.geetest?.scene ?? ''
    const status: 0 | 1 | undefined = req.session.geetest?.gt_server_status
    res.json({ scene, status })
  })
  app.post('/quiet', async (req, res) => {
    const verdict: Verdict = await captcha.verify(req)
    if (verdict.ok) return void res.json(verdict.user)
    const code: Reason = verdict.code
    res.json(code)
  })
  app.post('/items/:id', captcha.validate(), (req, res) => {
    const id: string = req.params.id
    res.json(id)
  })
  app.post('/typed/:id', async (req: Request<{ id: string }, unknown, { name: string }>, res) => {
    const verdict = await captcha.verify(req, { uses: 2, take: true, answer: ({ body }) => body })
    res.json([verdict.ok, req.body.name])
  })
  const denied: ErrorRequestHandler = (error, _req, res, next) => {
    if (!(error instanceof GeetestError) || !isReason(error.code)) return next(error)
    res.status(error.status).set(error.headers).json({ code: error.code })
  }
  app.use(denied)
  const { status, response } = await new GeetestClient({ captchaId, privateKey, apiServer }).register()
  await simulator.stop()
  return reasons.length * status + response.challenge.length
}

export const store = () => new RedisStore(createClient())
export const contract = storeContract(() => new MemoryStore(), { shared: false })
`

function write(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const folderOf = (base: string, name: string): string => {
  const folder = join(base, 'sites', name)
  rmSync(folder, { recursive: true, force: true })
  return folder
}

describe.each([
  ['Express 5', home],
  ['Express 4', express4],
])('with %s', (_express, base) => {
  describe.each(COMPILERS)('under %s', (compiler) => {
    test.concurrent.each(RESOLUTIONS)(
      'strict types hold with module %s and resolution %s, as ES module and as CommonJS',
      async (module, resolution) => {
        const folder = folderOf(base, `${compiler}-${resolution}`)
        const files = [
          write(folder, 'site.mts', SITE),
          ...(resolution === 'bundler' ? [] : [write(folder, 'site.cts', SITE)]),
        ]
        const flags = [
          ...SETTINGS,
          '--module',
          module,
          '--moduleResolution',
          resolution,
          '--types',
          'node',
          '--skipLibCheck',
          '--esModuleInterop',
        ]
        const tsc = join(home, 'node_modules', compiler, 'bin/tsc')
        expect(await runBeside(folder, process.execPath, [tsc, ...flags, ...files])).toBe('')
      },
      LIMIT_MS,
    )
  })

  test.each([
    ['mts', 'mjs'],
    ['cts', 'cjs'],
  ])('what a compiler makes of it runs (.%s)', (source, made) => {
    const folder = folderOf(base, `run-${made}`)
    const main = `import { start } from './site.${made}'\nstart().then(console.log)`
    const files = [write(folder, `site.${source}`, SITE), write(folder, `main.${source}`, main)]
    const flags = ['--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node', '--skipLibCheck']
    run(folder, process.execPath, [join(home, 'node_modules/typescript7/bin/tsc'), ...flags, ...files])
    expect(run(folder, process.execPath, [`main.${made}`])).toMatch(/^\d+\n$/)
  })
})

test('types and code are all that is installed: no tests, no sources, no development tools', () => {
  const listed = JSON.parse(run(home, 'npm', ['query', '#express-geetest'])) as {
    dependencies: Record<string, string>
  }[]
  expect(Object.keys(listed[0]?.dependencies ?? {}).toSorted()).toEqual(['axios', 'fastest-levenshtein', 'ipaddr.js'])
})
