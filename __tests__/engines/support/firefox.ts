import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../support/program'
import { connectBiDi } from './bidi'
import type { Engine } from './driver'
import { startProgram } from './programs'

const ADVICE = 'no Firefox found: install Debian\'s "firefox-esr" or set FIREFOX_PATH to the program'
const program = findProgram(process.env.FIREFOX_PATH, 'firefox-esr', 'firefox')

/** Nothing but this machine is reached: for all other hosts it is sent to a proxy that is not there. Little motion, so that nothing is waited for. */
const PREFERENCES = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.allow_hijacking_localhost': false,
  'ui.prefersReducedMotion': 1,
  'intl.accept_languages': 'en-US',
  'datareporting.policy.dataSubmissionEnabled': false,
  'browser.aboutwelcome.enabled': false,
}

export const firefox: Engine = {
  name: 'Firefox',
  program,
  advice: ADVICE,

  async launch() {
    if (program === undefined) throw new Error(ADVICE)
    const profile = await mkdtemp(join(tmpdir(), 'express-geetest-firefox-'))
    const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref('${name}', ${JSON.stringify(value)});`)
    await writeFile(join(profile, 'user.js'), lines.join('\n'))
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank']
    const running = startProgram(program, args)
    const driver = await connectBiDi(await running.says(/WebDriver BiDi listening on (ws:\/\/\S+)/))
    return {
      ...driver,
      async close() {
        await driver.close()
        await running.stop()
        await rm(profile, { recursive: true, force: true, maxRetries: 3 })
      },
    }
  },
}
