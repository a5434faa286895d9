import { randomInt } from 'node:crypto'
import { crossing } from './crossing'
import { flooding, forging } from './forging'
import { withFields, withPass, withUses } from './honest'
import { late } from './late'
import { bursting, repeating, replaying } from './replaying'
import type { Stage } from './stage'
import { createVisitor, type Visitor } from './visitor'

/** Who comes, and how many of 500. */
const KINDS: readonly { kind: string; share: number; visit: (visitor: Visitor) => Promise<void>; address?: string }[] =
  [
    { kind: 'honest: fields', share: 155, visit: withFields },
    { kind: 'honest: pass', share: 130, visit: withPass },
    { kind: 'honest: uses', share: 30, visit: withUses },
    { kind: 'forging', share: 70, visit: forging },
    { kind: 'flooding', share: 4, visit: flooding, address: '192.0.2.1' },
    { kind: 'replaying', share: 30, visit: replaying },
    { kind: 'replaying 50', share: 1, visit: bursting },
    { kind: 'repeating', share: 20, visit: repeating },
    { kind: 'crossing', share: 40, visit: crossing },
    { kind: 'late', share: 20, visit: late },
  ]

export const kinds = KINDS.map(({ kind }) => kind)

const HAT = KINDS.flatMap((one) => Array.from({ length: one.share }, () => one))

/** Visitors who are there at the same time. */
const AT_ONCE = 40

/** Lets visitors come until `over`; one that leaves makes room for the next. */
export async function runCrowd(stage: Stage, over: () => boolean): Promise<void> {
  async function seat(): Promise<void> {
    while (!over()) {
      const { kind, visit, address } = HAT[randomInt(HAT.length)] as (typeof HAT)[number]
      await visit(createVisitor(stage, kind, address))
      stage.tally.visits += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, seat))
}
