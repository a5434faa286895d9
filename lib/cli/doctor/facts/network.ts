import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { World } from '../../world'
import { inTime, reasonOf } from './in-time'

type Failed = { readonly failed: string }

export interface Handshake {
  readonly protocol: string
  /** When the certificate ends, in ms since 1970. */
  readonly ends: number
  /** Why the certificate is not accepted. */
  readonly refused?: string
}

const failed = (error: unknown): Failed => ({ failed: reasonOf(error) })

/** A URL writes an address of IPv6 in brackets. */
const bare = (host: string): string => host.replace(/^\[|\]$/g, '')

/** The addresses of a name. */
export async function lookUp(host: string, { lookup, patience }: World): Promise<readonly string[] | Failed> {
  if (isIP(bare(host))) return [bare(host)]
  const found = new Promise<string[]>((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error) reject(error)
      else resolve([addresses].flat().map((one) => (typeof one === 'string' ? one : one.address)))
    })
  })
  return inTime(patience, found).catch(failed)
}

/** Whether something accepts connections there. */
export async function reach(host: string, port: number, { lookup, patience }: World): Promise<true | Failed> {
  const socket = connectTcp({ host: bare(host), port, lookup })
  return inTime(patience, ready(socket, 'connect'))
    .then(() => true as const, failed)
    .finally(() => socket.destroy())
}

/** The handshake as it goes, whatever the certificate is worth; that is judged afterwards. */
export async function shakeHands(host: string, port: number, world: World): Promise<Handshake | Failed> {
  const { lookup, patience, ca } = world
  const name = bare(host)
  const socket = connectTls({
    host: name,
    port,
    lookup,
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { ca }),
    // To see what is wrong with it. Nothing is sent over this connection.
    rejectUnauthorized: false,
  })
  return inTime(patience, ready(socket, 'secureConnect'))
    .then(() => judge(socket), failed)
    .finally(() => socket.destroy())
}

function judge(socket: TLSSocket): Handshake {
  const protocol = socket.getProtocol() ?? 'unknown'
  const ends = Date.parse(socket.getPeerCertificate().valid_to)
  // An error, or in older types its code.
  const error: unknown = socket.authorizationError
  return {
    protocol,
    ends,
    ...(!socket.authorized && { refused: error instanceof Error ? error.message : String(error) }),
  }
}

async function ready(socket: Socket, event: string): Promise<void> {
  await once(socket, event)
  // Whatever happens to it from now on is nobody's concern.
  socket.on('error', () => undefined)
}
