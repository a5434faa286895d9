// A client of WebDriver, https://www.w3.org/TR/webdriver2/: as much of it as a visitor needs. Libraries for it that are kept today want
// a later Node.js than this package does.
import { keyActions, mouseActions } from './actions'
import { HEIGHT, WIDTH, type Driver } from './driver'

/** Milliseconds that only a hang reaches. A script may hang where its page gives way to the next; whoever waits for something asks again. */
const [LIMIT, SCRIPT_LIMIT] = [60_000, 10_000]

/** @param url of the program that speaks WebDriver */
export async function connectWebDriver(url: string): Promise<Driver> {
  let session = `${url}/session`

  async function call<T>(method: string, path: string, body?: object, limit = LIMIT): Promise<T> {
    const answer = await fetch(session + path, {
      method,
      signal: AbortSignal.timeout(limit),
      ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const { value } = (await answer.json()) as { value: unknown }
    if (answer.ok) return value as T
    const { error, message } = value as Record<string, string>
    throw new Error(`${path || 'new session'}: ${error}: ${message}`)
  }

  const { sessionId } = await call<{ sessionId: string }>('POST', '', { capabilities: { alwaysMatch: {} } })
  session += `/${sessionId}`
  await call('POST', '/window/rect', { width: WIDTH, height: HEIGHT })

  return {
    goto: (to) => call('POST', '/url', { url: to }),
    evaluate: (expression) =>
      call('POST', '/execute/sync', { script: `return (${expression})`, args: [] }, SCRIPT_LIMIT),
    mouse: (steps) => call('POST', '/actions', { actions: mouseActions(steps) }),
    keys: (keys) => call('POST', '/actions', { actions: keyActions(keys) }),
    forget: () => call('DELETE', '/cookie'),
    close: () => call('DELETE', ''),
  }
}
