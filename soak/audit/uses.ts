import type { Offend } from '../offences'
import { usesOf } from '../site'

/** A request that used a challenge up: at a guard, or by exchanging it for a pass. */
interface Use {
  readonly id: string
  readonly exchange: boolean
}

/** What a session may still pass with in a scene. */
interface Credits {
  /** Challenges that were exchanged for a pass, the sure ones first. */
  readonly exchanged: string[]
  /** Further uses, where a guard grants several. */
  rest: number
}

/** What a request got something for. */
export interface Spender {
  readonly id: string
  readonly path: string
  readonly session: string
  readonly scene: string
}

/** Counts what every challenge was used for, and what every session has left. */
export interface Uses {
  /** A right answer opened a guard. Answers whether it was the first to do so. */
  answer(challenge: string, spender: Spender): boolean
  /** A right answer was exchanged for a pass. @param sure or only perhaps: nobody knows what a killed process still did */
  exchange(challenge: string, spender: Spender, sure: boolean): boolean
  /** A guard was opened without an answer. */
  pass(spender: Spender): void
}

export function createUses(offend: Offend): Uses {
  const used = new Map<string, Use>()
  const credits = new Map<string, Credits>()

  function creditsOf({ session, scene }: Spender): Credits {
    const key = `${scene} ${session}`
    const found = credits.get(key) ?? { exchanged: [], rest: 0 }
    credits.set(key, found)
    return found
  }

  function use(challenge: string, by: Use): boolean {
    const before = used.get(challenge)
    if (before === undefined) used.set(challenge, by)
    else offend('double accept', `request ${by.id}: challenge ${challenge} was used by request ${before.id}`)
    return before === undefined
  }

  /** An exchanged challenge of this session. One that only perhaps was, and has opened a guard by itself since, was not. */
  function exchangedOf({ exchanged }: Credits): string | undefined {
    const challenge = exchanged.shift()
    const isOther = challenge !== undefined && used.get(challenge)?.exchange === false
    return isOther ? exchangedOf({ exchanged, rest: 0 }) : challenge
  }

  return {
    answer(challenge, spender) {
      const first = use(challenge, { id: spender.id, exchange: false })
      if (first) creditsOf(spender).rest += usesOf(spender.path) - 1
      return first
    },
    exchange(challenge, spender, sure) {
      if (sure && !use(challenge, { id: spender.id, exchange: true })) return false
      const { exchanged } = creditsOf(spender)
      if (sure) exchanged.unshift(challenge)
      else exchanged.push(challenge)
      return sure
    },
    pass(spender) {
      const held = creditsOf(spender)
      const uses = usesOf(spender.path)
      if (uses > 1 && held.rest > 0) return void (held.rest -= 1)
      const challenge = exchangedOf(held)
      if (challenge === undefined) {
        return offend('double accept', `request ${spender.id} at ${spender.path}: no pass is left to its session`)
      }
      used.set(challenge, { id: spender.id, exchange: true })
      held.rest += uses - 1
    },
  }
}
