import { buildSync, type BuildOptions } from 'esbuild'
import { join } from 'node:path'
import { built, read } from './support/bundles'
import { act, waitFor } from './support/captcha'
import { describeInChromium, type Tab } from './support/chromium'
import { hostsForEachTest, html, jsonp, script, type Host, type Route } from './support/host'
import { box, challenges, configOf } from './support/offline'

const root = join(__dirname, '../..')

/** The loader as a bundler puts it into a page's own script. */
function bundle(entry: 'gt' | 'gt4', format: 'esm' | 'iife'): string {
  const options: BuildOptions = {
    bundle: true,
    write: false,
    target: 'es2020',
    format,
    entryPoints: [built[entry === 'gt' ? 'loader' : 'loader4']],
  }
  const [file] = buildSync({ ...options, absWorkingDir: root, write: false }).outputFiles
  if (file === undefined) throw new Error('nothing was bundled')
  return `${file.text};window.there = true`
}

const ID = '0123456789abcdef0123456789abcdef'

/** How pages get at the loader, in a way in which it cannot tell where the site's own scripts are. */
const LOST: Array<[string, string, (entry: 'gt' | 'gt4') => Record<string, Route>]> = [
  [
    'in a classic bundle',
    '<script src="/assets/app.js"></script>',
    (entry) => ({ '/assets/app.js': script(bundle(entry, 'iife')) }),
  ],
  [
    'in a bundle that is a module',
    '<script type="module" src="/assets/app.js"></script>',
    (entry) => ({ '/assets/app.js': script(bundle(entry, 'esm')) }),
  ],
  ['imported by a module', `<script type="module">import '/GT.js'; window.there = true</script>`, () => ({})],
  [
    'evaluated',
    `<script>fetch('/GT.js').then(function (r) { return r.text() }).then(function (text) { (0, eval)(text); there = true })</script>`,
    () => ({}),
  ],
  ['written into the page', '<script>INLINE</script><script>window.there = true</script>', () => ({})],
  [
    'renamed by a bundler',
    '<script src="/assets/3f2a1c.js"></script><script>window.there = true</script>',
    (entry) => ({ '/assets/3f2a1c.js': script(read(entry === 'gt' ? built.loader : built.loader4)) }),
  ],
]

describeInChromium('a loader that cannot tell where it came from', (open) => {
  const host = hostsForEachTest()
  let site: Host

  async function visit(entry: 'gt' | 'gt4', markup: string, routes: Record<string, Route>): Promise<Tab> {
    const source = read(entry === 'gt' ? built.loader : built.loader4)
    const page = markup.replaceAll('GT.js', `${entry}.js`).replace('INLINE', () => source)
    site = await host({
      '/': html(`<!doctype html><meta charset="utf-8"><div id="captcha"></div>${page}`),
      [`/${entry}.js`]: script(source),
      '/captcha/gt.js': script(read(built.loader)),
      '/captcha/gt-offline.js': script(read(built.offline)),
      '/captcha/gt4-offline.js': script(read(built.offline4)),
      ...routes,
    })
    const tab = await open()
    await tab.page.goto(site.origin)
    await tab.page.waitForFunction('window.there')
    return tab
  }

  /** What `onError` is told first, or what the page gets. */
  const begin = (tab: Tab, name: string, config: object): Promise<{ code: string; msg: string }> =>
    tab.page.evaluate(`new Promise(function (resolve) {
      ${name}(Object.assign(${JSON.stringify(config)}, { onError: resolve }), function (captcha) {
        window.captcha = captcha
        resolve({ code: 'made', msg: captcha.name })
      })
    })`)

  /** A cloud that answers. */
  async function cloud(): Promise<Host> {
    const started = await host({
      '/w.js': script("window.Geetest = window.Geetest4 = function () { this.name = 'online' }"),
    })
    const data = { type: 'fullpage', fullpage: '/w.js', static_path: '', js: '/w.js', static_servers: [started.name] }
    started.serve({
      '/gettype.php': jsonp({ status: 'success', data }),
      '/load': jsonp({ status: 'success', data }),
    })
    return started
  }

  describe.each(LOST)('%s', (_how, markup, routes) => {
    it('says so while the cloud is there, by the name of the option, and asks nobody', async () => {
      const tab = await visit('gt', markup, routes('gt'))
      const online = await cloud()
      const error = await begin(tab, 'initGeetest', { gt: ID, challenge: 'x', api_server: online.name })
      expect([error, online.asked]).toEqual([
        expect.objectContaining({ code: 'error_111', msg: expect.stringContaining('base') }),
        [],
      ])
    })

    it('says so in version 4', async () => {
      const tab = await visit('gt4', markup, routes('gt4'))
      const online = await cloud()
      const error = await begin(tab, 'initGeetest4', { captchaId: ID, apiServers: [online.name] })
      expect([error, online.asked]).toEqual([
        expect.objectContaining({ code: '60204', msg: expect.stringContaining('base') }),
        [],
      ])
    })

    it('works with it, online and in an outage', async () => {
      const tab = await visit('gt', markup, routes('gt'))
      const base = '/captcha/'
      const online = await cloud()
      const made = await begin(tab, 'initGeetest', { gt: ID, challenge: 'x', api_server: online.name, base })
      await begin(tab, 'initGeetest', configOf(challenges.quick(), { base, product: 'embed' }))
      await tab.page.evaluate(
        `window.happened = []; captcha.onSuccess(function () { happened.push({ event: 'Success' }) })`,
      )
      await act(tab.page, "appendTo('#captcha')")
      await box(tab.page).click()
      await waitFor(tab.page, 'Success')
      expect(made).toEqual({ code: 'made', msg: 'online' })
    })
  })

  it('throws where the page has no onError', async () => {
    const tab = await visit('gt', '<script>INLINE</script><script>window.there = true</script>', {})
    await expect(tab.page.evaluate(`initGeetest({ gt: '${ID}', challenge: 'x' }, function () {})`)).rejects.toThrow(
      /error_111.*base/,
    )
  })

  it('knows it as a module whose script element has its name', async () => {
    const tab = await visit(
      'gt',
      '<script type="module" src="/gt.js"></script><script type="module">window.there = true</script>',
      {},
    )
    const online = await cloud()
    expect(await begin(tab, 'initGeetest', { gt: ID, challenge: 'x', api_server: online.name })).toEqual({
      code: 'made',
      msg: 'online',
    })
  })
})
