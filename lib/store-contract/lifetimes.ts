import { strictEqual } from 'node:assert/strict'
import { freshId, ticket } from './records'
import { isRecord, putAndTake, type Case } from './steps'

/** Milliseconds of a record that is to expire. */
const SHORT = 30
/** Of one that is not. */
const LONG = 600_000

/** For how long a record is known. */
export const lifetimes: readonly Case[] = [
  [
    'a record is forgotten when its time is over',
    async (subject) => {
      const id = freshId()
      await subject.put(id, ticket(), SHORT)
      await subject.elapse(SHORT)
      strictEqual(await subject.take(id), undefined, 'take gave something after the time of the record was over')
    },
  ],
  [
    'a record is kept until its time is over',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      // Where time goes on by itself, nobody knows how much of it a slow store takes.
      await subject.put(id, record, subject.exact ? SHORT * 100 : LONG)
      await subject.elapse(subject.exact ? SHORT * 100 - 1 : SHORT)
      isRecord(await subject.take(id), record)
    },
  ],
  [
    'a record without any time left is forgotten at once, and what it replaces with it',
    async (subject) => {
      const id = freshId()
      await subject.put(id, ticket())
      await subject.put(id, ticket(), 0)
      strictEqual(await subject.take(id), undefined)
    },
  ],
  [
    'a spent mark is forgotten with the record that it stands for',
    async (subject) => {
      const id = freshId()
      await subject.put(id, ticket(), SHORT)
      await subject.take(id)
      await subject.elapse(SHORT)
      strictEqual(await subject.take(id), undefined, 'take still remembers a record whose time is over')
    },
  ],
  [
    'a record that is put back lives for the time that it is given then: shorter than before',
    async (subject) => {
      const id = freshId()
      await putAndTake(subject, ticket(), id)
      await subject.put(id, ticket(), SHORT)
      await subject.elapse(SHORT)
      strictEqual(await subject.take(id), undefined, 'putting it back did not shorten its life')
    },
  ],
  [
    'a record that is put back lives for the time that it is given then: longer than before',
    async (subject) => {
      const [id, record] = [freshId(), ticket()]
      await subject.put(id, ticket(), SHORT)
      await subject.take(id)
      await subject.put(id, record)
      await subject.elapse(SHORT)
      isRecord(await subject.take(id), record, 'the time of the former record ended the new one')
    },
  ],
]
