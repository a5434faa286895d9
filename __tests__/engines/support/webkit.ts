import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findProgram } from '../../support/program'
import type { Engine } from './driver'
import { startProgram } from './programs'
import { connectWebDriver } from './webdriver'

const ADVICE = 'no WebKitGTK found: install Debian\'s "webkit2gtk-driver" and "xvfb"'
const driverProgram = findProgram(process.env.WEBKIT_DRIVER_PATH, 'WebKitWebDriver')
const display = findProgram(undefined, 'Xvfb')
const program = display && driverProgram

export const webkit: Engine = {
  name: 'WebKitGTK',
  program,
  advice: ADVICE,

  async launch() {
    if (display === undefined || driverProgram === undefined) throw new Error(ADVICE)
    const screen = startProgram(display, ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'])
    const number = await screen.says(/^(\d+)\n/m)
    const port = await freePort()
    const settings = await littleMotion()
    // Its environment is left alone but for these: WEBKIT_DISABLE_COMPOSITING_MODE, for one, hangs it.
    const running = startProgram(driverProgram, ['--host=127.0.0.1', `--port=${port}`], {
      ...process.env,
      XDG_CONFIG_HOME: settings,
      DISPLAY: `:${number}`,
      LC_ALL: 'C.UTF-8',
    })
    const url = `http://127.0.0.1:${port}`
    await Promise.race([answering(`${url}/status`), running.lost])
    const driver = await connectWebDriver(url)
    return {
      ...driver,
      async close() {
        await driver.close()
        await running.stop()
        await screen.stop()
        await rm(settings, { recursive: true, force: true, maxRetries: 3 })
      },
    }
  },
}

/** It does not say when it listens. */
async function answering(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await pause(20)
}

/** A folder with the settings of somebody who wants little motion: nothing is waited for. */
async function littleMotion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'express-geetest-webkit-'))
  await mkdir(join(folder, 'gtk-3.0'))
  await writeFile(join(folder, 'gtk-3.0/settings.ini'), '[Settings]\ngtk-enable-animations=0\n')
  return folder
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
