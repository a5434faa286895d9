import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Which way bytes go: commands to the server, or answers to the client. */
export type Way = 'command' | 'answer'

/** Stands between a client and a server, and cuts their connections where it is told to. */
export interface CutProxy {
  readonly port: number
  /** Bytes that have passed since `count` was asked last. */
  count(): Readonly<Record<Way, number>>
  /**
   * Lets that many bytes more pass this way and cuts the connection then, before any that follow. Resolves when the server has read
   * what it got and closed, too; whoever connects from the cut on waits for `release`. `false`: it was called off.
   */
  cutAfter(way: Way, bytes: number): Promise<boolean>
  /** Cuts nothing that is not cut yet. */
  callOff(): void
  /** Cuts whatever is connected; nobody has to wait. */
  cut(): void
  release(): void
  close(): Promise<void>
}

export async function createCutProxy(target: number): Promise<CutProxy> {
  let passed = { command: 0, answer: 0 }
  let order: { readonly way: Way; left: number; readonly done: (isCut: boolean) => void } | undefined
  let held: (() => void)[] | undefined
  const open = new Set<Socket>()

  function follow(client: Socket): void {
    const server = connect(target, '127.0.0.1')
    for (const socket of [client, server]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => open.delete(socket))
    }
    let isCut = false

    function sever(done: (isCut: boolean) => void): void {
      isCut = true
      held = []
      // It reads what it got, carries out what is whole, and its answers go nowhere.
      server.resume().end()
      server.once('close', () => {
        client.destroy()
        done(true)
      })
    }

    function pass(way: Way, bytes: Buffer, to: Socket): void {
      if (isCut) return
      const cut = order?.way === way && order.left <= bytes.length ? order : undefined
      const part = cut ? bytes.subarray(0, cut.left) : bytes
      passed[way] += part.length
      if (part.length > 0) to.write(part)
      if (order?.way === way) order.left -= part.length
      if (cut === undefined) return
      order = undefined
      if (way === 'answer') client.end()
      else client.destroy()
      sever(cut.done)
    }

    client.on('data', (bytes) => pass('command', bytes, server))
    server.on('data', (bytes) => pass('answer', bytes, client))
    client.on('close', () => isCut || server.destroy())
    server.on('close', () => isCut || client.destroy())
  }

  const listener = createServer((client) => {
    if (held === undefined) return follow(client)
    client.on('error', () => undefined)
    client.pause()
    held.push(() => {
      if (client.destroyed) return
      follow(client)
      client.resume()
    })
  })
  await once(listener.listen(0, '127.0.0.1'), 'listening')

  return {
    port: (listener.address() as AddressInfo).port,
    count() {
      const counted = passed
      passed = { command: 0, answer: 0 }
      return counted
    },
    cutAfter: (way, bytes) =>
      new Promise((done) => {
        order = { way, left: bytes, done }
      }),
    callOff() {
      order?.done(false)
      order = undefined
    },
    cut() {
      for (const socket of open) socket.destroy()
    },
    release() {
      const waiting = held ?? []
      held = undefined
      for (const go of waiting) go()
    },
    async close() {
      const closed = once(listener, 'close')
      listener.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
