import dns, { type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { pool } from './gauge'

/** For so many milliseconds an address is simply used. */
const FRESH_MS = 30_000
/** From so many on it is looked up anew meanwhile, so that nobody waits for it. */
const AGEING_MS = 15_000
/** For so many it is used where looking it up anew is late or fails. */
const KEPT_MS = 3_600_000
/** So many milliseconds a new look-up has, before an address that is no longer fresh does. */
const PATIENCE_MS = 100
/** After a look-up that failed, so many milliseconds before the next. */
const REST_MS = 5_000
/** The names are those of the options: a bound for those who construct plugins as they go. */
const MOST_NAMES = 200

type Addresses = readonly LookupAddress[]

interface Entry {
  readonly addresses: Addresses
  /** When they were looked up. */
  readonly at: number
}

export interface LookupParts {
  /** Looks a name up for real: all its addresses. */
  readonly ask?: (name: string, options: LookupOptions) => Promise<Addresses>
  /** Milliseconds on a clock that is never set. */
  readonly now?: () => number
  readonly later?: (ms: number, act: () => void) => () => void
}

/**
 * `dns.lookup` with a memory. The real one waits for a thread of the pool on which the site hashes its passwords; a few logins at
 * once would keep the cloud's name from being found. The first look-up of a name is real, errors are not remembered, and both
 * families are kept in the order in which the system gives them.
 */
export function createLookup({
  ask = askSystem,
  now = () => performance.now(),
  later = after,
}: LookupParts = {}): LookupFunction {
  const known = new Map<string, Entry>()
  const underWay = new Map<string, Promise<Addresses>>()
  const failed = new Map<string, number>()

  function keep(key: string, addresses: Addresses): Addresses {
    known.delete(key)
    known.set(key, { addresses, at: now() })
    const oldest = known.keys().next().value
    if (known.size > MOST_NAMES && oldest !== undefined) known.delete(oldest)
    failed.delete(key)
    return addresses
  }

  /** One at a time for each name, however many wait for it. */
  function refresh(key: string, name: string, options: LookupOptions): Promise<Addresses> {
    const asked = underWay.get(key)
    if (asked !== undefined) return asked
    const answer = ask(name, options)
      .then((addresses) => keep(key, addresses))
      .catch((error: unknown) => {
        if (known.has(key)) failed.set(key, now())
        throw error
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, answer)
    return answer
  }

  /** The new addresses where they come at once, else the old ones. */
  function newOrOld(fresh: Promise<Addresses>, old: Addresses): Promise<Addresses> {
    return new Promise((resolve) => {
      const cancel = later(PATIENCE_MS, () => resolve(old))
      fresh.then(resolve, () => resolve(old)).finally(cancel)
    })
  }

  async function find(name: string, options: LookupOptions): Promise<Addresses> {
    const key = JSON.stringify([name, options.family ?? 0, options.hints ?? 0])
    const entry = known.get(key)
    const age = entry === undefined ? Infinity : now() - entry.at
    if (entry === undefined || age >= KEPT_MS) return refresh(key, name, options)
    const rests = now() - (failed.get(key) ?? -Infinity) < REST_MS
    if (age < AGEING_MS || rests) return entry.addresses
    const fresh = refresh(key, name, options)
    if (age >= FRESH_MS) return newOrOld(fresh, entry.addresses)
    fresh.catch(() => undefined)
    return entry.addresses
  }

  return (name, options, done) => {
    find(name, options).then(
      (addresses) => {
        // A throw in the caller's callback is the caller's, and no failed look-up.
        process.nextTick(() => {
          if (options.all) return done(null, [...addresses])
          const [{ address, family } = { address: '', family: 0 }] = addresses
          done(null, address, family)
        })
      },
      (error: NodeJS.ErrnoException) => process.nextTick(done, error, options.all ? [] : ''),
    )
  }
}

function askSystem(name: string, { family, hints }: LookupOptions): Promise<Addresses> {
  // While it waits for its thread it is the pool that is late.
  const unwatch = pool.watch()
  return new Promise<Addresses>((resolve, reject) => {
    dns.lookup(name, { family, hints, all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  }).finally(unwatch)
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms).unref()
  return () => clearTimeout(timer)
}
