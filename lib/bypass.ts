import { isFailed, type Reply, type Send } from './http'
import { ALONE, type Exchange } from './outage'

/** The vendor's own word on its cloud (protocol 1.7). */
export interface BypassSettings {
  /** The page's address. */
  readonly url: string
  /** Milliseconds between two looks, at least; jitter adds up to a fifth. */
  readonly interval: number
}

/** Where the vendor says whether an id should go around its cloud; on another cloud, that cloud says so itself. */
export const DEFAULT_BYPASS = 'https://bypass.geetest.com/v1/bypass_status.php'

/** So many looks in a row must agree that it is down; one lost look is not the cloud's fault. */
const BAD_LOOKS = 2
/** A word is good for three looks: a poller that died means unknown, and unknown means trying the vendor. */
const GOOD_FOR = 3

/** What the last look saw: so many bad ones in a row by now. */
export interface Looked {
  readonly bad: number
}

export const isLooked = (value: unknown): value is Looked =>
  typeof value === 'object' && value !== null && 'bad' in value && Number.isInteger(value.bad)

/** How long a look is worth something, in milliseconds. */
export const looksHold = (interval: number, timeout: number): number => (interval * 1.2 + timeout) * GOOD_FOR

export interface BypassParts extends BypassSettings {
  readonly captchaId: string
  /** Milliseconds that one look may take. */
  readonly timeout: number
  readonly send: Send
  readonly later: (ms: number, act: () => void) => () => void
  readonly chance: () => number
  readonly advise: (mode: 'up' | 'down', ms: number) => void
  /** The other nodes: one looks, all learn. */
  readonly exchange: Exchange<Looked>
}

/** Looks at the vendor's status page again and again, until the returned function is called. */
export function pollBypass(parts: BypassParts): () => void {
  const { url, interval, captchaId, timeout, send, later, chance, advise, exchange } = parts
  const holds = looksHold(interval, timeout)
  let bad = 0
  let cancel: (() => void) | undefined
  let stopped = false

  function heed(looked: Looked): void {
    bad = looked.bad
    if (bad === 0) advise('up', holds)
    else if (bad >= BAD_LOOKS) advise('down', holds)
  }

  async function learn(): Promise<void> {
    const word = await exchange.read()
    // Nobody has looked for long: that is no reason to stay away from the cloud.
    if (word !== ALONE && !stopped) heed(word ?? { bad: 0 })
  }

  async function look(fence: number | undefined): Promise<void> {
    const reply = await send({ method: 'GET', url, params: { gt: captchaId } })
    if (stopped || isSilent(reply)) return
    const good = !isFailed(reply) && reply.status === 200 && says(reply.text, 'success')
    const looked = { bad: good ? 0 : bad + 1 }
    heed(looked)
    await exchange.post(looked, fence)
  }

  async function turn(): Promise<void> {
    const leave = await exchange.lease()
    if (stopped) return
    await (leave === undefined ? learn() : look(leave.fence))
    if (!stopped) cancel = later(interval * (1 + chance() / 5), () => void turn())
  }

  const stopWatching = exchange.watch(() => void learn())
  void turn()
  return () => {
    stopped = true
    cancel?.()
    stopWatching()
  }
}

/** This machine's own trouble, or being asked to come less often, is no word of the vendor's. */
const isSilent = (reply: Reply): boolean => (isFailed(reply) ? reply.failed === 'busy' : reply.status === 429)

function says(text: string, status: string): boolean {
  try {
    return (JSON.parse(text) as { status?: unknown } | null)?.status === status
  } catch {
    return false
  }
}
