import { describeWith } from '../../support/program'
import { journeys, type Journey } from '../journeys'
import type { Driver, Engine } from './driver'
import { Visitor } from './visitor'
import { startWorld, type World } from './world'

/** Milliseconds that only a hang reaches. */
const TEST = 180_000

/** Walks a journey; gives what the visitor has read at its end. */
export type Walk = (journey: Journey) => Promise<unknown>

/** A `describe` of the journeys in one engine. Without it they fail under CI and are skipped, aloud, elsewhere. */
export function describeIn(engine: Engine, define: (journeys: readonly Journey[], walk: Walk) => void): void {
  const { name, program, advice, aged } = engine
  jest.setTimeout(TEST)

  describeWith(
    program,
    name,
    advice,
  )(name, () => {
    let driver: Driver | undefined
    let world: World | undefined

    beforeAll(async () => {
      ;[driver, world] = await Promise.all([engine.launch(), startWorld()])
    })
    afterEach(() => driver?.forget())
    afterAll(() => Promise.all([driver?.close(), world?.stop()]))

    define(
      journeys.filter(({ essential }) => essential || !aged),
      ({ walk }) => {
        if (driver === undefined || world === undefined) throw new Error('both are started in beforeAll')
        return walk(new Visitor(driver), world)
      },
    )
  })
}
