// Where the demo listens: on this machine alone, unless HOST says otherwise. It has an account that everybody knows, and a switch.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { BlockList, isIP, type AddressInfo } from 'node:net'

/** One sentence about a port that cannot be had: what to write instead; any other error in its own words. */
export function portTrouble(error: unknown, port: number, command: (port: number) => string): string {
  const { code, message } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException
  const write = `write another: ${command(port < 65_535 && port >= 1024 ? port + 1 : 5001)}`
  // macOS listens there for AirPlay.
  const whose = process.platform === 'darwin' && port === 5000 ? ' (by macOS: its AirPlay Receiver)' : ''
  if (code === 'EADDRINUSE') return `demo: port ${port} is in use${whose}; ${write}`
  if (code === 'EACCES') return `demo: port ${port} is not for this user; ${write}`
  return message ?? String(error)
}

/** Both of what `localhost` can mean; not every machine has the second. */
const LOCAL = ['127.0.0.1', '::1'] as const

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine can reach what listens there. */
export function isLocal(host: string | undefined): boolean {
  if (!host || host.toLowerCase() === 'localhost') return true
  const family = isIP(host)
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** Listens, and gives the port. @param host the environment's HOST. Rejects where the port is taken. */
export async function listen(app: RequestListener, port: number, host: string | undefined): Promise<number> {
  if (host && host.toLowerCase() !== 'localhost') return listenAt(app, port, host)
  const found = await listenAt(app, port, LOCAL[0])
  await listenAt(app, found, LOCAL[1]).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT') throw error
  })
  return found
}

async function listenAt(app: RequestListener, port: number, host: string): Promise<number> {
  const server = createServer(app).listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
