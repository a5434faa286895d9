import type { BrowserServer } from 'playwright-core'
import { engine } from './engine'

/** Where the workers find the browser of the run. */
export const ENDPOINT = 'BROWSER_TESTS_ENDPOINT'

let server: BrowserServer | undefined

/** Starts the one browser of the run, where one is installed; workers connect to it. */
export async function startSharedBrowser(): Promise<void> {
  if (engine.program === undefined || server !== undefined) return
  const { program, flags, name } = engine
  const started = await engine.type.launchServer({ executablePath: program, args: [...flags], timeout: 60_000 })
  started.on('close', () => {
    if (server !== started) return
    const { exitCode, signalCode } = started.process()
    console.error(
      `${name} ended in the middle of the run (${signalCode ?? `exit code ${exitCode}`}): tests after that fail`,
    )
  })
  server = started
  process.env[ENDPOINT] = started.wsEndpoint()
}

export async function stopSharedBrowser(): Promise<void> {
  const stopping = server
  server = undefined
  delete process.env[ENDPOINT]
  await stopping?.close()
}
