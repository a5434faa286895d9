import { strictEqual } from 'node:assert/strict'
import { freshId, pass, ticket } from './records'
import { isGone, putAndTake, takeAtOnce, TAKERS, type Case } from './steps'

/** Who gets a record. */
export const taking: readonly Case[] = [
  [
    'the first taker gets the record',
    async (subject) => {
      await putAndTake(subject, ticket())
      await putAndTake(subject, pass())
    },
  ],
  [
    'later takers get the spent mark or nothing',
    async (subject) => {
      const id = freshId()
      await putAndTake(subject, ticket(), id)
      isGone(await subject.take(id), 'a second time')
      isGone(await subject.take(id), 'a third time')
    },
  ],
  [
    `of ${TAKERS} takers at once, exactly one gets the record`,
    async (subject) => {
      for (let i = 0; i < 5; i++) await takeAtOnce(subject)
    },
  ],
  [
    'nothing is known of an id that was never put',
    async (subject) => {
      strictEqual(await subject.take(freshId()), undefined)
    },
  ],
  [
    'a record that is put again replaces the one before',
    async (subject) => {
      const [id, newer] = [freshId(), ticket()]
      await subject.put(id, ticket())
      await putAndTake(subject, newer, id)
      isGone(await subject.take(id), 'a second time')
    },
  ],
  [
    'a record that is put back after it was taken can be taken once more, and once only',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      await putAndTake(subject, record, id)
      await putAndTake(subject, record, id)
      isGone(await subject.take(id), 'a second time after it was put back')
    },
  ],
]
