import { freshId, longest, ODD_IDS, ticket } from './records'
import { isRecord, putAndTake, type Case } from './steps'

/** What a record and its id may be made of, and how many there may be. */
export const contents: readonly Case[] = [
  [
    'ids are kept apart, whatever characters they are made of',
    async (subject) => {
      const suffix = freshId()
      const records = new Map(ODD_IDS.map((id) => [`${id}${suffix}${id}`, ticket()]))
      for (const [id, record] of records) await subject.put(id, record)
      for (const [id, record] of records)
        isRecord(await subject.take(id), record, `take gave another record for ${JSON.stringify(id)}`)
    },
  ],
  [
    'text of any script comes back as it was',
    async (subject) => {
      await putAndTake(subject, ticket({ user: '极验 – Ünï "çödé" \\ \' \u0000 \u2028 👩‍🚀' }))
    },
  ],
  ['the longest record of all fits', (subject) => putAndTake(subject, longest())],
  [
    'a thousand records, put and taken at once, are not confused',
    async (subject) => {
      const records = Array.from({ length: 1000 }, () => [freshId(), ticket()] as const)
      await Promise.all(records.map(([id, record]) => subject.put(id, record)))
      const taken = await Promise.all(records.map(async ([id, record]) => [await subject.take(id), record] as const))
      for (const [one, record] of taken) isRecord(one, record)
    },
  ],
]
