import { describeWith } from '../../support/program'
import { journeys } from '../journeys'
import type { Driver, Engine } from './driver'
import { Visitor } from './visitor'
import { startWorld, type World } from './world'

/** Milliseconds that only a hang reaches. */
const TEST = 180_000

/** The journeys in one engine. Without it they fail under CI and are skipped, aloud, elsewhere. */
export function describeIn({ name, program, advice, aged, launch }: Engine): void {
  jest.setTimeout(TEST)

  describeWith(
    program,
    name,
    advice,
  )(name, () => {
    let driver: Driver | undefined
    let world: World | undefined

    beforeAll(async () => {
      ;[driver, world] = await Promise.all([launch(), startWorld()])
    })
    afterEach(() => driver?.forget())
    afterAll(() => Promise.all([driver?.close(), world?.stop()]))

    it.each(journeys.filter(({ essential }) => essential || !aged))('$title', async ({ walk, ends }) => {
      if (driver === undefined || world === undefined) throw new Error('both are started in beforeAll')
      expect(await walk(new Visitor(driver), world)).toEqual(ends)
    })
  })
}
