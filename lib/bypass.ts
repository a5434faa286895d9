import type { Send } from './http'

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

export interface BypassParts extends BypassSettings {
  readonly captchaId: string
  /** Milliseconds that one look may take. */
  readonly timeout: number
  readonly send: Send
  readonly later: (ms: number, act: () => void) => () => void
  readonly chance: () => number
  readonly advise: (mode: 'up' | 'down', ms: number) => void
}

/** Looks at the vendor's status page again and again, until the returned function is called. */
export function pollBypass({
  url,
  interval,
  captchaId,
  timeout,
  send,
  later,
  chance,
  advise,
}: BypassParts): () => void {
  let bad = 0
  let cancel: (() => void) | undefined
  let stopped = false

  async function look(): Promise<void> {
    const reply = await send({ method: 'GET', url, params: { gt: captchaId } })
    if (stopped) return
    cancel = later(interval * (1 + chance() / 5), () => void look())
    if ('failed' in reply && reply.failed === 'busy') return
    const ms = (interval * 1.2 + timeout) * GOOD_FOR
    bad = 'status' in reply && reply.status === 200 && says(reply.text, 'success') ? 0 : bad + 1
    if (bad === 0) advise('up', ms)
    else if (bad >= BAD_LOOKS) advise('down', ms)
  }

  void look()
  return () => {
    stopped = true
    cancel?.()
  }
}

function says(text: string, status: string): boolean {
  try {
    return (JSON.parse(text) as { status?: unknown } | null)?.status === status
  } catch {
    return false
  }
}
