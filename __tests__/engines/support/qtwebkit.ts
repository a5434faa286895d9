import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findProgram } from '../../support/program'
import { HEIGHT, WIDTH, type Driver, type Engine } from './driver'
import { startProgram } from './programs'

const ADVICE = 'no QtWebKit found: install Debian\'s "python3-pyqt5.qtwebkit"'

const program = pythonWithQtWebKit()

/** QtWebKit 602, the engine of Safari 10: what old WebViews are like. */
export const qtwebkit: Engine = {
  name: 'QtWebKit',
  program,
  advice: ADVICE,
  aged: true,

  async launch() {
    if (program === undefined) throw new Error(ADVICE)
    const running = startProgram(program, [join(__dirname, 'qtwebkit.py'), String(WIDTH), String(HEIGHT)], {
      ...process.env,
      QT_QPA_PLATFORM: 'offscreen',
      LC_ALL: 'C.UTF-8',
    })
    const { stdin, stdout } = running.child
    if (stdin === null || stdout === null) throw new Error('it was started without pipes')
    await running.says(/^(\{"ready": true\})/m)
    const waiting: Array<(line: string) => void> = []
    createInterface(stdout).on('line', (line) => waiting.shift()?.(line))

    async function call<T>(command: object): Promise<T> {
      const line = new Promise<string>((resolve) => void waiting.push(resolve))
      stdin?.write(`${JSON.stringify(command)}\n`)
      const { value, error } = JSON.parse(await Promise.race([line, running.lost])) as { value: T; error?: string }
      if (error !== undefined) throw new Error(error)
      return value
    }

    const driver: Driver = {
      goto: (url) => call({ goto: url }),
      evaluate: (expression) => call({ evaluate: expression }),
      mouse: (steps) => call({ mouse: steps }),
      keys: (keys) => call({ keys }),
      forget: () => call({ forget: true }),
      close: () => running.stop(),
    }
    return driver
  },
}

/** Debian's own Python has it, even where another comes first on the PATH. */
function pythonWithQtWebKit(): string | undefined {
  const pythons = [process.env.PYTHON_PATH, '/usr/bin/python3'].flatMap((path) => findProgram(path) ?? [])
  return pythons.find((python) => {
    try {
      execFileSync(python, ['-c', 'import PyQt5.QtWebKitWidgets'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}
