import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { startHost, type Host, type Route } from './host'

const root = join(__dirname, '../../..')

/** What the build has made of it: nothing is compiled while the tests wait. */
const BUILT: Readonly<Record<string, string>> = { 'demo/server.ts': 'dist/demo/server.js' }

/** The demo as a process of its own, as `npm run demo` starts it. */
export interface Demo {
  readonly url: string
  stop(): Promise<void>
}

/** Settings of whoever runs the tests must not reach the demo. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(GEETEST_|PORT$|SESSION_SECRET$|REDIS_)/.test(name))
  return Object.fromEntries(others)
}

/**
 * @param script `demo/server.ts`, or `demo/cluster.ts` for several processes
 * @throws Error with what the demo printed, if it ends before it is ready
 */
export async function startDemo(env: Record<string, string> = {}, script = 'demo/server.ts'): Promise<Demo> {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('the demo needs the built package: npm run build')
  const file = BUILT[script] ?? script
  const child = spawn(process.execPath, file.endsWith('.ts') ? ['--import', 'tsx', file] : [file], {
    cwd: root,
    env: { ...cleanEnvironment(), PORT: '0', ...env },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let printed = ''
  const ready = new Promise<string>((resolve) => {
    function read(text: Buffer): void {
      printed += text.toString()
      const port = /http:\/\/localhost:(\d+)/.exec(printed)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
  })
  const early = ended.then(() => Promise.reject(new Error(`the demo ended before it was ready: ${printed}`)))
  const url = await Promise.race([ready, early])
  early.catch(() => {})

  return {
    url,
    stop: () => {
      child.kill()
      return ended
    },
  }
}

/** The same site under a Content-Security-Policy, as a web server in front of it would set one. */
export async function underPolicy({ url }: Demo, policy: string): Promise<Host> {
  const forward: Route = (response, _query, incoming) => {
    const { method = 'GET', headers, url: path = '/' } = incoming
    const forwarded = request(new URL(path, url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-security-policy': policy })
      answer.pipe(response)
    })
    incoming.pipe(forwarded)
  }
  const paths = [
    '/',
    '/classic.html',
    '/home.js',
    '/mode',
    '/geetest-form.js',
    '/style.css',
    '/icon.svg',
    '/gt.js',
    '/gt-offline.js',
    '/v4.html',
    '/v4/geetest-form.js',
    '/v4/getcaptcha',
    '/v4/gt4.js',
    '/v4/gt4-form.js',
    '/v4/gt4-offline.js',
    '/v4/gt-offline.js',
    '/v4/login',
    '/login',
    '/words.js',
    '/overlay.js',
    '/captcha.js',
    '/login.js',
    '/drill.js',
    '/drill',
  ]
  return startHost(Object.fromEntries([...paths, '/getcaptcha'].map((path) => [path, forward])))
}
