import { ok, strictEqual } from 'node:assert/strict'
import { SPENT } from '../tickets'
import { freshId, ticket } from './records'
import { isGone, isRecord, TAKERS, type Case } from './steps'
import type { Subject } from './subject'

/** Milliseconds of a record that is to expire. */
const SHORT = 30
/** The most that it is worth waiting for. */
const LONGEST = 3_000

/** For stores with `claim`. */
export const claiming: readonly Case[] = [
  [
    'what nobody has put can be claimed, once',
    async (subject) => {
      const id = freshId()
      strictEqual(await subject.claim(id), undefined, 'claim knew an id that was never put')
      strictEqual(await subject.claim(id), SPENT, 'a second claim did not learn that the id is spent')
      strictEqual(await subject.take(id), SPENT, 'take did not learn that the id is spent')
    },
  ],
  [
    `of ${TAKERS} claims at once, exactly one is the first`,
    async (subject) => {
      for (let i = 0; i < 5; i++) {
        const [id, nodes] = [freshId(), [subject, await subject.node(), await subject.node()]]
        const claims = Array.from({ length: TAKERS }, (_, n) => (nodes[n % nodes.length] ?? subject).claim(id))
        const first = (await Promise.all(claims)).filter((one) => one === undefined)
        ok(first.length === 1, `of ${TAKERS} claims at once, ${first.length} were told that they are the first`)
      }
    },
  ],
  [
    'a claim takes the record that is there, as take does',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      await subject.put(id, record)
      isRecord(await subject.claim(id), record)
      isGone(await subject.take(id), 'after a claim')
      strictEqual(await subject.claim(id), SPENT, 'a claim after a claim got something')
    },
  ],
  [
    'a record that is put under a claimed id can be taken',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      await subject.claim(id)
      await subject.put(id, record)
      isRecord(await subject.claim(id), record)
    },
  ],
  [
    'a claim is forgotten when its time is over, and the time of a record does not grow by it',
    async (subject) => {
      const claimed = freshId()
      await subject.claim(claimed, SHORT)
      const { id, time } = await claimInTime(subject)
      await subject.elapse(time)
      strictEqual(await subject.claim(claimed), undefined, 'claim still remembers what was claimed before')
      strictEqual(await subject.claim(id), undefined, 'claim still remembers a record whose time is over')
    },
  ],
]

/** Claims a record that is soon over, and not before it is claimed: a store that is slow has more time. */
async function claimInTime(subject: Subject): Promise<{ readonly id: string; readonly time: number }> {
  for (let time = SHORT; ; time *= 10) {
    const [id, record] = [freshId(), ticket()]
    await subject.put(id, record, time)
    const taken = await subject.claim(id)
    if (taken !== undefined || time >= LONGEST) {
      isRecord(taken, record)
      return { id, time }
    }
  }
}
