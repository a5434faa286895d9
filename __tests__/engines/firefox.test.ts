import { describeIn } from './support/run'
import { firefox } from './support/firefox'

describeIn(firefox, (journeys, walk) => {
  it.each(journeys)('$title', async (journey) => {
    expect(await walk(journey)).toEqual(journey.ends)
  })
})
