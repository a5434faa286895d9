import { describeIn } from './support/run'
import { webkit } from './support/webkit'

describeIn(webkit, (journeys, walk) => {
  it.each(journeys)('$title', async (journey) => {
    expect(await walk(journey)).toEqual(journey.ends)
  })
})
