/// <reference lib="dom" />
// On slow lines: how long it takes until a captcha can be made behind our loaders, and how long the same bytes take one after another by
// plain script elements. The libraries are dummies of the size of the vendor's, uncompressed: 103 kB in all in version 3, 170 kB in
// version 4. Both hosts of each kind are there, and well: whoever asks the second one as well takes the line from the first.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser } from 'playwright-core'

interface Line {
  readonly name: string
  /** Bits a second, both ways. */
  readonly rate: number
  /** Milliseconds from a request to the beginning of its reply. */
  readonly latency: number
}

const LINES: Line[] = [
  { name: '400 kbit/s, 2 s', rate: 400_000, latency: 2000 },
  { name: '250 kbit/s, 0.8 s', rate: 250_000, latency: 800 },
  { name: 'fast 3G', rate: 1_440_000, latency: 563 },
]
/** What our loader may take, as a multiple of the plain download. */
const MOST = 1.05
/** So many pages of each kind, in turn; the medians are compared. */
const ROUNDS = 3

/** A script of so many bytes that nothing compresses. */
const sized = (code: string, bytes: number): string => `${code}//${'x'.repeat(bytes - code.length - 2)}`

/** Of version 3 the first script gets the second by itself, as the vendor's does. */
const FILES: Record<string, string> = {
  '/fullpage.js': sized('window.Geetest=function(c){window.second(c.static_servers[0])};', 60_000),
  '/slide.js': sized('window.end();', 43_000),
  '/v4/gcaptcha4.js': sized('window.Geetest4=function(){window.end()};', 168_000),
  '/v4/gct.js': sized('window.gct=1;', 2000),
}

const PAGE = (
  loader: string,
): string => `<!doctype html><link rel="icon" href="data:,"><script src="/${loader}"></script><script>
var ended, took = new Promise(function (resolve) { ended = resolve }), begun
function end() { ended(performance.now() - begun) }
function add(url, then) {
  var element = document.createElement('script')
  element.onload = then
  element.src = url
  document.head.appendChild(element)
}
function second(host) { add('//' + host + '/slide.js') }
</script>`

/** What a page does that has no loader: one script after another, of the first host alone. */
const PLAIN = {
  3: (hosts: string[]) => `window.reply = function () {}
    add('//${hosts[0]}/gettype.php?gt=x&callback=reply', function () {
      add('//${hosts[0]}/fullpage.js', function () { new Geetest({ static_servers: ['${hosts[0]}'] }) })
    })`,
  4: (hosts: string[]) => `window.reply = function () {}
    add('//${hosts[0]}/load?captcha_id=x&callback=reply', function () {
      add('//${hosts[0]}/v4/gct.js')
      add('//${hosts[0]}/v4/gcaptcha4.js', function () { new Geetest4() })
    })`,
}

const OURS = {
  3: (
    hosts: string[],
  ) => `initGeetest({ gt: '0123456789abcdef', challenge: 'x', api_server_v3: ${JSON.stringify(hosts)},
    onError: function (error) { ended(error.code) } }, function () {})`,
  4: (hosts: string[]) => `initGeetest4({ captchaId: '0123456789abcdef', apiServers: ${JSON.stringify(hosts)},
    onError: function (error) { ended(error.code) } }, function () {})`,
}

type Version = keyof typeof OURS

async function listen() {
  /** What was asked for as a whole. */
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
    if (request.method === 'GET') asked.push(pathname)
    response.setHeader('Content-Type', pathname === '/' ? 'text/html' : 'text/javascript')
    // The page says by its own address which of the two hosts it uses as its first.
    const hosts = [host.name, ...others]
    const reply = (data: object) => `${searchParams.get('callback')}(${JSON.stringify({ status: 'success', data })})`
    if (pathname === '/') response.end(PAGE(searchParams.get('loader') ?? ''))
    else if (/^\/gt4?\.js$/.test(pathname)) response.end(readFileSync(`${__dirname}/../dist/public${pathname}`))
    else if (pathname === '/gettype.php')
      response.end(reply({ type: 'fullpage', fullpage: '/fullpage.js', static_servers: hosts }))
    else if (pathname === '/load')
      response.end(
        reply({
          type: 'slide',
          static_path: '/v4',
          js: '/gcaptcha4.js',
          gct_path: '/v4/gct.js',
          static_servers: hosts,
        }),
      )
    else response.writeHead(FILES[pathname] ? 200 : 404).end(FILES[pathname])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const others: string[] = []
  const host = {
    name: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    others,
    close: () => server.close().closeAllConnections(),
  }
  return host
}

async function visit(browser: Browser, line: Line, site: string, loader: string, code: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const bytes = line.rate / 8
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: line.latency,
    downloadThroughput: bytes,
    uploadThroughput: bytes,
  })
  await page.goto(`http://${site}/?loader=${loader}`, { timeout: 120_000 })
  const took = await page.evaluate<unknown>(`begun = performance.now(); ${code}; took`)
  await context.close()
  if (typeof took !== 'number') throw new Error(`${line.name}: ${loader} ended in ${String(took)}`)
  return took
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

async function main(): Promise<void> {
  const [site, first, second] = [await listen(), await listen(), await listen()]
  first.others.push(second.name)
  const hosts = [first.name, second.name]
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  const rows = []
  for (const line of LINES) {
    for (const version of [3, 4] as Version[]) {
      const loader = version === 3 ? 'gt.js' : 'gt4.js'
      const times = { plain: [] as number[], ours: [] as number[] }
      for (let round = 0; round < ROUNDS; round++) {
        times.plain.push(await visit(browser, line, site.name, loader, PLAIN[version](hosts)))
        times.ours.push(await visit(browser, line, site.name, loader, OURS[version](hosts)))
      }
      const [plain, ours] = [median(times.plain), median(times.ours)]
      const ratio = Math.round((ours / plain) * 1000) / 1000
      rows.push({ line: line.name, version, 'plain, ms': Math.round(plain), 'ours, ms': Math.round(ours), ratio })
    }
  }
  console.table(rows)
  const verdicts: [boolean, string][] = [
    [rows.every(({ ratio }) => ratio <= MOST), `at most ${MOST} times as long as the plain download, everywhere`],
    [second.asked.length === 0, `the second host is asked for nothing (${second.asked.join(', ') || 'it was not'})`],
  ]
  await browser.close()
  for (const host of [site, first, second]) host.close()
  for (const [right, words] of verdicts) console.log(`${right ? 'yes' : 'NO '}  ${words}`)
  process.exit(verdicts.every(([right]) => right) ? 0 : 1)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
