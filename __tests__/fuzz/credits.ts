import { FalsePass } from './issued'
import { USES, type Scene } from './scenes'

/** How far what was solved still reaches, at most. */
interface Credit {
  left: number
  until: number
}

const LIFETIME_MS = 120_000

/**
 * Passes by session and scene. They are counted by the wave, because requests of one wave are answered in no order that could
 * be told; so it is a bound, and exact where a wave moves one pass.
 */
export function createCredits(now: () => number) {
  const credits = new Map<string, Credit>()
  const moved = new Map<string, { scene: Scene; earned: number; spent: number; at: number }>()

  function entry(scene: Scene, session: string | undefined) {
    const key = `${scene} ${session}`
    const found = moved.get(key) ?? { scene, earned: 0, spent: 0, at: now() }
    moved.set(key, found)
    return found
  }
  const leftOf = (key: string, at: number): number => {
    const credit = credits.get(key)
    return credit !== undefined && at < credit.until ? credit.left : 0
  }

  return {
    /** Whether that session may have a pass there. */
    has: (scene: Scene, session: string): boolean => leftOf(`${scene} ${session}`, now()) > 0,
    earn(scene: Scene, session: string | undefined, uses: number): void {
      entry(scene, session).earned += uses
    },
    /** @param came when whoever spent it did: the clock may have gone on since */
    spend(scene: Scene, session: string | undefined, came: number): void {
      const one = entry(scene, session)
      one.spent += 1
      one.at = Math.min(one.at, came)
    },
    /** Ends a wave. @throws FalsePass where more was spent than there can have been */
    settle(): void {
      for (const [key, { scene, earned, spent, at }] of moved) {
        const most = leftOf(key, at) + earned
        if (spent > most) throw new FalsePass(`${spent} passes were spent, and there were at most ${most}`)
        const until = earned > 0 ? now() + LIFETIME_MS : (credits.get(key)?.until ?? 0)
        // A new solve takes the place of an old one's passes, it does not add to them.
        credits.set(key, { left: Math.min(USES[scene], most - spent), until })
      }
      moved.clear()
    },
  }
}
