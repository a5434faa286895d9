import { describeIn } from './support/run'
import { qtwebkit } from './support/qtwebkit'

describeIn(qtwebkit, (journeys, walk) => {
  it.each(journeys)('$title', async (journey) => {
    expect(await walk(journey)).toEqual(journey.ends)
  })
})
