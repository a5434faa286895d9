import type { TicketStore } from '../tickets'

/** By captcha id: where plugins of this process keep what they issue. A site may have a store for each scene of one id. */
const stores = new Map<string, Set<WeakRef<TicketStore>>>()

/** Those that were noted last are held: what a plugin issued that was closed and made anew is good for ten minutes more. */
const LATEST = 4
const latest: TicketStore[] = []

const idOf = (captchaId: string): string => captchaId.toLowerCase()

/** Those that are still in use; what nobody uses any more is forgotten. */
function living(captchaId: string): TicketStore[] {
  const known = stores.get(idOf(captchaId)) ?? new Set()
  const found: TicketStore[] = []
  for (const one of known) {
    const store = one.deref()
    if (store === undefined) known.delete(one)
    else found.push(store)
  }
  if (known.size === 0) stores.delete(idOf(captchaId))
  return found
}

/** Notes that a plugin of this process keeps challenges of that captcha id there. */
export function noteStore(captchaId: string, store: TicketStore): void {
  if (living(captchaId).includes(store)) return
  latest.push(store)
  if (latest.length > LATEST) latest.shift()
  const known = stores.get(idOf(captchaId)) ?? new Set()
  stores.set(idOf(captchaId), known.add(new WeakRef(store)))
}

/** Every store in which this process keeps challenges of that captcha id; `own` first. */
export const storesOf = (captchaId: string, own: TicketStore): TicketStore[] => [
  own,
  ...living(captchaId).filter((one) => one !== own),
]
