import { SPENT, type Kept, type Taken, type TicketStore } from '../../lib'
import { fakeWorld } from './world'

const tick = () => new Promise(setImmediate)

/** The clock of all these stores. */
export const world = fakeWorld()

/** A correct store over a map, with timers, to be broken in one place. */
export class Sound implements TicketStore {
  readonly kept = new Map<string, string>()
  readonly timers = new Map<string, () => void>()

  async put(id: string, record: Kept, ttl: number): Promise<void> {
    this.timers.get(id)?.()
    this.kept.set(id, JSON.stringify(record))
    this.expire(id, ttl)
  }
  expire(id: string, ttl: number): void {
    if (ttl <= 0) this.kept.delete(id)
    else
      this.timers.set(
        id,
        world.later(ttl, () => void this.kept.delete(id)),
      )
  }
  async take(id: string): Promise<Taken> {
    const text = this.kept.get(id)
    if (text === undefined || text === SPENT) return text
    this.kept.set(id, SPENT)
    return JSON.parse(text)
  }
}

/** What a store does wrong, and the promises that it breaks by it. */
export const brokenStores: [wrong: string, make: () => TicketStore, promises: string[]][] = [
  [
    'reads first and deletes afterwards',
    () => {
      class ReadThenDelete extends Sound {
        override async take(id: string): Promise<Taken> {
          const text = this.kept.get(id)
          await tick()
          this.kept.delete(id)
          return text === undefined ? undefined : JSON.parse(text)
        }
      }
      return new ReadThenDelete()
    },
    ['of 50 takers at once, exactly one gets the record'],
  ],
  [
    'gives a record twice',
    () => {
      class Twice extends Sound {
        override async take(id: string): Promise<Taken> {
          const text = this.kept.get(id)
          return text === undefined ? undefined : JSON.parse(text)
        }
      }
      return new Twice()
    },
    [
      'later takers get the spent mark or nothing',
      'of 50 takers at once, exactly one gets the record',
      'a record that is put again replaces the one before',
      'a record that is put back after it was taken can be taken once more, and once only',
    ],
  ],
  [
    'gives nothing at all',
    () => ({ put: () => undefined, take: () => undefined }),
    [
      'the first taker gets the record',
      'later takers get the spent mark or nothing',
      'of 50 takers at once, exactly one gets the record',
      'a record that is put again replaces the one before',
      'a record that is put back after it was taken can be taken once more, and once only',
      'a record is kept until its time is over',
      'a record that is put back lives for the time that it is given then: shorter than before',
      'a record that is put back lives for the time that it is given then: longer than before',
      'ids are kept apart, whatever characters they are made of',
      'text of any script comes back as it was',
      'the longest record of all fits',
      'a thousand records, put and taken at once, are not confused',
    ],
  ],
  [
    'calls what it never had spent',
    () => {
      class Guesses extends Sound {
        override async take(id: string): Promise<Taken> {
          return (await super.take(id)) ?? SPENT
        }
      }
      return new Guesses()
    },
    [
      'nothing is known of an id that was never put',
      'a record is forgotten when its time is over',
      'a record without any time left is forgotten at once, and what it replaces with it',
      'a spent mark is forgotten with the record that it stands for',
      'a record that is put back lives for the time that it is given then: shorter than before',
    ],
  ],
  [
    'keeps everything for ever',
    () => {
      class Eternal extends Sound {
        override expire(): void {}
      }
      return new Eternal()
    },
    [
      'a record is forgotten when its time is over',
      'a record without any time left is forgotten at once, and what it replaces with it',
      'a spent mark is forgotten with the record that it stands for',
      'a record that is put back lives for the time that it is given then: shorter than before',
    ],
  ],
  [
    'takes seconds for milliseconds the wrong way round',
    () => {
      class Hasty extends Sound {
        override expire(id: string, ttl: number): void {
          super.expire(id, ttl / 1000)
        }
      }
      return new Hasty()
    },
    ['a record is kept until its time is over'],
  ],
  [
    'forgets to call off the timer of a former record',
    () => {
      class Stray extends Sound {
        override expire(id: string, ttl: number): void {
          this.timers.delete(id)
          if (ttl <= 0) this.kept.delete(id)
          else world.later(ttl, () => void this.kept.delete(id))
        }
        override async put(id: string, record: Kept, ttl: number): Promise<void> {
          this.kept.set(id, JSON.stringify(record))
          this.expire(id, ttl)
        }
      }
      return new Stray()
    },
    ['a record that is put back lives for the time that it is given then: longer than before'],
  ],
  [
    'keeps the time of the former record when one is put again',
    () => {
      class Stubborn extends Sound {
        override async put(id: string, record: Kept, ttl: number): Promise<void> {
          const known = this.kept.has(id)
          this.kept.set(id, JSON.stringify(record))
          if (!known) this.expire(id, ttl)
        }
      }
      return new Stubborn()
    },
    [
      'a record without any time left is forgotten at once, and what it replaces with it',
      'a record that is put back lives for the time that it is given then: shorter than before',
      'a record that is put back lives for the time that it is given then: longer than before',
    ],
  ],
  [
    'keeps the first of two records',
    () => {
      class First extends Sound {
        override async put(id: string, record: Kept, ttl: number): Promise<void> {
          if (!this.kept.has(id) || this.kept.get(id) === SPENT) await super.put(id, record, ttl)
        }
      }
      return new First()
    },
    [
      'a record that is put again replaces the one before',
      'a record without any time left is forgotten at once, and what it replaces with it',
    ],
  ],
  [
    'never takes a record back',
    () => {
      class Final extends Sound {
        override async put(id: string, record: Kept, ttl: number): Promise<void> {
          if (this.kept.get(id) !== SPENT) await super.put(id, record, ttl)
        }
      }
      return new Final()
    },
    [
      'a record that is put back after it was taken can be taken once more, and once only',
      'a record that is put back lives for the time that it is given then: shorter than before',
      'a record that is put back lives for the time that it is given then: longer than before',
    ],
  ],
  [
    'takes ids for one another that differ in case',
    () => {
      class Caseless extends Sound {
        override put(id: string, record: Kept, ttl: number) {
          return super.put(id.toLowerCase(), record, ttl)
        }
        override take(id: string) {
          return super.take(id.toLowerCase())
        }
      }
      return new Caseless()
    },
    ['ids are kept apart, whatever characters they are made of'],
  ],
  [
    'writes text as Latin-1',
    () => {
      class Latin extends Sound {
        override async put(id: string, record: Kept, ttl: number): Promise<void> {
          await super.put(id, JSON.parse(Buffer.from(JSON.stringify(record), 'latin1').toString('latin1')), ttl)
        }
      }
      return new Latin()
    },
    ['text of any script comes back as it was', 'the longest record of all fits'],
  ],
  [
    'cuts what is longer than its column',
    () => {
      class Narrow extends Sound {
        override put(id: string, record: Kept, ttl: number) {
          return super.put(id, { ...record, user: record.user.slice(0, 255) }, ttl)
        }
      }
      return new Narrow()
    },
    ['the longest record of all fits'],
  ],
  [
    'has one place for what is under way',
    () => {
      class Mixed extends Sound {
        at = ''
        override async take(id: string): Promise<Taken> {
          this.at = id
          await tick()
          const taken = await super.take(this.at)
          return taken
        }
      }
      return new Mixed()
    },
    ['a thousand records, put and taken at once, are not confused'],
  ],
]

/** The same of stores that several nodes are to share. */
export const brokenNodes: [wrong: string, make: (nodes: Sound[]) => TicketStore, promises: string[]][] = [
  [
    'shares nothing',
    () => new Sound(),
    ['what one node puts another takes, and no third', 'what is put back on one node can be taken on another'],
  ],
  [
    'locks for itself alone',
    (nodes) => {
      const common = (nodes[0] ??= new Sound())
      const busy = new Set<string>()
      return {
        put: (id, record, ttl) => common.put(id, record, ttl),
        async take(id) {
          if (busy.has(id)) return SPENT
          busy.add(id)
          const text = common.kept.get(id)
          await tick()
          busy.delete(id)
          return text === undefined || text === SPENT ? text : common.take(id).then(() => JSON.parse(text))
        },
      }
    },
    ['of 50 takers at once on five nodes, exactly one gets the record'],
  ],
]
