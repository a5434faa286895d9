import { freshId, ticket } from './records'
import { isGone, isRecord, takeAtOnce, TAKERS, type Case } from './steps'

/** For stores that several nodes share. */
export const nodes: readonly Case[] = [
  [
    'what one node puts another takes, and no third',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      const [second, third] = [await subject.node(), await subject.node()]
      await subject.put(id, record)
      isRecord(await second.take(id), record)
      isGone(await third.take(id), 'on another node')
      isGone(await subject.take(id), 'on the node that had put it')
    },
  ],
  [
    `of ${TAKERS} takers at once on five nodes, exactly one gets the record`,
    async (subject) => {
      const others = await Promise.all(Array.from({ length: 4 }, () => subject.node()))
      for (let i = 0; i < 5; i++) await takeAtOnce(subject, others)
    },
  ],
  [
    'what is put back on one node can be taken on another',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      const second = await subject.node()
      await subject.put(id, record)
      await second.take(id)
      await second.put(id, record)
      isRecord(await subject.take(id), record)
      isGone(await second.take(id), 'a second time')
    },
  ],
]
