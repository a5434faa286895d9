import { Server } from 'node:net'

/** Marks the doctor's own servers, which listen where they say. */
const OWN = Symbol.for('express-geetest.doctor')
export const asOwn = <T extends Server>(server: T): T => Object.assign(server, { [OWN]: true })

/** What a site does when the doctor has loaded its file. */
export interface HeldBack {
  /** Where it wanted to listen: ports, and paths of sockets. */
  readonly asked: readonly (number | string)[]
  /** What it has printed, which comes behind the report; taken once. */
  readonly printed: () => string
  /** Writes past all that. */
  readonly out: (text: string, done?: () => void) => void
  readonly err: (text: string) => void
}

/**
 * From here on a site in this process serves nobody but itself: what it listens at becomes a free port of this machine, as far as it can
 * tell the one that it wanted; and what it prints is kept, so that a report is one.
 */
export function holdBack(): HeldBack {
  const asked: (number | string)[] = []
  const printed: string[] = []
  // oxlint-disable-next-line typescript/unbound-method -- called with its server below
  const { listen } = Server.prototype
  Server.prototype.listen = function held(this: Server & { [OWN]?: true }, ...args: unknown[]) {
    if (this[OWN]) return Reflect.apply(listen, this, args) as Server
    asked.push(placeIn(args))
    const done = args.findLast((one) => typeof one === 'function')
    return Reflect.apply(listen, this, [0, '127.0.0.1', ...(done === undefined ? [] : [done])]) as Server
  }
  return {
    asked,
    printed: () => printed.splice(0).join(''),
    out: keep(process.stdout, printed),
    err: keep(process.stderr, printed),
  }
}

function placeIn([first]: readonly unknown[]): number | string {
  const { port, path } = (typeof first === 'object' && first !== null ? first : {}) as {
    port?: unknown
    path?: unknown
  }
  const place = path ?? port ?? first
  return typeof place === 'string' && !/^\d+$/.test(place) ? place : Number(place) || 0
}

/** Keeps what is written there; gives the way past. */
function keep(stream: NodeJS.WriteStream, printed: string[]): HeldBack['out'] {
  const write = stream.write.bind(stream)
  stream.write = (text: string | Uint8Array, ...more: unknown[]) => {
    printed.push(typeof text === 'string' ? text : Buffer.from(text).toString())
    const done = more.findLast((one) => typeof one === 'function') as (() => void) | undefined
    done?.()
    return true
  }
  return (text, done) => void write(text, done)
}
