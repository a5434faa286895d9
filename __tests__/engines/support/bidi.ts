// A client of WebDriver BiDi, https://www.w3.org/TR/webdriver-bidi/: as much of it as a visitor needs. Libraries for it that are kept
// today want a later Node.js than this package does.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { keyActions, mouseActions } from './actions'
import { HEIGHT, WIDTH, type Driver } from './driver'

/** Milliseconds that only a hang reaches. */
const LIMIT = 60_000

interface Reply {
  readonly id?: number
  readonly error?: string
  readonly message?: string
  readonly result?: unknown
}

interface Evaluated {
  readonly result?: { readonly value?: string }
  readonly exceptionDetails?: { readonly text: string }
}

/** @param url of the browser's own web socket */
export async function connectBiDi(url: string): Promise<Driver> {
  const socket = new WebSocket(`${url}/session`, { handshakeTimeout: LIMIT })
  await once(socket, 'open')
  const waiting = new Map<number, (reply: Reply) => void>()
  let last = 0
  socket.on('message', (data: Buffer) => {
    const reply = JSON.parse(data.toString()) as Reply
    // What has no number is an event.
    if (typeof reply.id === 'number') waiting.get(reply.id)?.(reply)
  })
  socket.on('close', () => waiting.forEach((answer) => answer({ error: 'closed', message: 'the browser is gone' })))

  async function call<T>(method: string, params: object = {}): Promise<T> {
    const id = ++last
    let timer: NodeJS.Timeout | undefined
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve)
      timer = setTimeout(() => resolve({ error: 'timeout', message: `no answer in ${LIMIT} ms` }), LIMIT)
      socket.send(JSON.stringify({ id, method, params }))
    })
    clearTimeout(timer)
    waiting.delete(id)
    if (reply.error !== undefined) throw new Error(`${method}: ${reply.error}: ${reply.message}`)
    return reply.result as T
  }

  await call('session.new', { capabilities: { alwaysMatch: {} } })
  // Not the tab that Firefox begins with: that one never has the focus, and without it keys tick no box.
  const { context } = await call<{ context: string }>('browsingContext.create', { type: 'tab' })
  await call('browsingContext.setViewport', { context, viewport: { width: WIDTH, height: HEIGHT } })

  return {
    goto: (to) => call('browsingContext.navigate', { context, url: to, wait: 'complete' }),
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = await call<Evaluated>('script.evaluate', {
        expression: `JSON.stringify(${expression})`,
        target: { context },
        awaitPromise: false,
      })
      if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text)
      return (result?.value === undefined ? undefined : JSON.parse(result.value)) as T
    },
    mouse: (steps) => call('input.performActions', { context, actions: mouseActions(steps) }),
    keys: (keys) => call('input.performActions', { context, actions: keyActions(keys) }),
    forget: () => call('storage.deleteCookies'),
    async close() {
      const gone = once(socket, 'close')
      await call('browser.close')
      await gone
    },
  }
}
