import { deepStrictEqual, ok } from 'node:assert/strict'
import { SPENT, type Kept, type Taken } from '../tickets'
import { freshId, ticket } from './records'
import type { Subject } from './subject'

/** What is asked of a store: a promise in words, and how it is tried. */
export type Case = readonly [name: string, run: (subject: Subject) => Promise<void>]

/** So many ask at once. */
export const TAKERS = 50

/** Every field as it was put; of what class the object is does not matter. */
export function isRecord(taken: Taken, record: Kept, message?: string): void {
  deepStrictEqual(isObject(taken) ? { ...taken } : taken, record, message)
}

/** Either of the two answers that give nothing away. */
export function isGone(taken: Taken, when: string): void {
  ok(taken === SPENT || taken === undefined, `take gave ${JSON.stringify(taken)} ${when}; only the first taker gets it`)
}

export async function putAndTake(subject: Subject, record: Kept, id = freshId()): Promise<void> {
  await subject.put(id, record)
  isRecord(await subject.take(id), record)
}

/** Whether nodes that all ask at once let one of them win. */
export async function takeAtOnce(subject: Subject, others: readonly Subject[] = []): Promise<void> {
  const [id, record, nodes] = [freshId(), ticket(), [subject, ...others]]
  await subject.put(id, record)
  const takers = Array.from({ length: TAKERS }, (_, i) => nodes[i % nodes.length] ?? subject)
  const taken = await Promise.all(takers.map((node) => node.take(id)))
  const [won, lost] = [taken.filter(isObject), taken.filter((one) => !isObject(one))]
  ok(won.length === 1, `of ${TAKERS} takers at once, ${won.length} got the record; exactly one may`)
  isRecord(won[0], record)
  for (const one of lost) isGone(one, 'to a taker who lost')
}

const isObject = (taken: Taken): taken is Kept => typeof taken === 'object' && taken !== null
