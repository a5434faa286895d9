import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Simulator } from '../../lib/simulator'

/** A way to the simulator on which calls can be held up: a slow cloud whose slowness ends when the test says so. */
export interface Gate {
  /** To be given as `apiServer`. */
  readonly url: string
  /** Calls that are held up at the moment. */
  readonly held: number
  /** Holds up what comes from now on. */
  close(): void
  /** Lets through what comes from now on. */
  pass(): void
  /** Lets through what is held up, too. */
  open(): void
}

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()))

export async function gateTo(simulator: Simulator): Promise<Gate> {
  let closed = false
  let waiting: (() => void)[] = []
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const pass = (): void => void simulator.handler(req, res)
    if (closed) waiting.push(pass)
    else pass()
  })
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get held() {
      return waiting.length
    },
    close: () => void (closed = true),
    pass: () => void (closed = false),
    open() {
      closed = false
      const passing = waiting
      waiting = []
      for (const pass of passing) pass()
    },
  }
}
