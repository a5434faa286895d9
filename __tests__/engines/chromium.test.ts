import { describeIn } from './support/run'
import { chromium } from './support/chromium'

describeIn(chromium, (journeys, walk) => {
  it.each(journeys)('$title', async (journey) => {
    expect(await walk(journey)).toEqual(journey.ends)
  })
})
