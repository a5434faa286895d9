import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A port on loopback that can be closed and opened again under the same number while it is in use. */
export interface Port {
  /** The origin; throws before `open`. */
  readonly url: string
  /** Whether there is an origin. */
  readonly isOpen: boolean
  open(number: number): Promise<void>
  close(): Promise<void>
  /** Whether connections are refused, as by a machine that is up with nothing listening. */
  refuse(refusing: boolean): Promise<void>
}

/** Systems give out ports above these by themselves, so that nobody takes one of them while connections to it are refused. */
const FIRST_PORT = 10_000
const PORTS = 10_000
/** So many are tried before the system chooses: each but a few in use somewhere is free. */
const TRIES = 20

/** So long that whoever calls closes an idle connection first: one that was closed just when it is used again is no fault that was set. */
const KEEP_MS = 60_000

export function createPort(handler: RequestListener): Port {
  let server: Server | undefined
  let number: number | undefined

  async function listen(wanted: number): Promise<void> {
    server = createServer({ keepAliveTimeout: KEEP_MS }, handler).listen(wanted, '127.0.0.1')
    await once(server, 'listening')
    number = (server.address() as AddressInfo).port
  }

  async function listenAnywhere(): Promise<void> {
    for (let tried = 0; tried < TRIES; tried++) {
      try {
        return await listen(FIRST_PORT + Math.floor(Math.random() * PORTS))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      }
    }
    await listen(0)
  }

  async function silence(): Promise<void> {
    const closing = server
    server = undefined
    if (closing === undefined) return
    const closed = once(closing, 'close')
    closing.close()
    closing.closeAllConnections()
    await closed
  }

  return {
    get url() {
      if (number === undefined) throw new Error('simulator: there is no url yet; await simulator.start() first')
      return `http://127.0.0.1:${number}`
    },
    get isOpen() {
      return number !== undefined
    },
    async open(wanted) {
      if (number !== undefined) throw new Error(`simulator: it runs already, at http://127.0.0.1:${number}`)
      await (wanted === 0 ? listenAnywhere() : listen(wanted))
    },
    async close() {
      number = undefined
      await silence()
    },
    async refuse(refusing) {
      if (refusing) await silence()
      else if (number !== undefined && server === undefined) await listen(number)
    },
  }
}
