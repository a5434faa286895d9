import { GeetestClient } from '../../lib'
import { decode, isNearGap } from '../../lib/downtime/slide'
import { answer } from '../attacks/support/forgeries'
import { site, visitor } from '../support/site'
import { vectors } from '../support/vectors'

const cloud = { captchaId: 'a'.repeat(32), privateKey: 'k', newCaptcha: false }

/** A challenge of an outage, for a page with the vendor's old slide. */
async function asked() {
  const { app, captcha } = site({ ...cloud, downtime: 'failback', budgets: false })
  captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
  const agent = visitor(app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  return { agent, challenge: body.challenge as string }
}

/** What the widget sends for a piece dropped at `place` of that picture; undefined where the code book has no way to write it. */
function encoded(challenge: string, place: number, picture: number): string | undefined {
  const characters = [...new Set(challenge.slice(0, 32))]
  const zero = -decode(challenge, '')
  const part = (number: number): string | undefined => {
    let left = number + zero
    let text = ''
    for (const [i, weight] of [50, 10, 5, 2, 1].entries()) {
      const character = characters[4 - i]
      if (character === undefined) return undefined
      for (; left >= weight; left -= weight) text += character
    }
    return left === 0 && text.length <= 100 ? text : undefined
  }
  const parts = [part(place), part(0), part(picture)]
  return parts.includes(undefined) ? undefined : parts.join('_')
}

const CENTRE = vectors.validate_fail_image.find(({ note }) => note === 'offset -3')

describe('the old slide in an outage', () => {
  // From the vectors: where the gap of that picture is, and that Python refuses 3 pixels beside it.
  const { ans = 0, full_bg_index: background = 0, img_grp_index: picture = 0, result } = CENTRE ?? {}
  const gap = ans + 3

  test.each([
    [-4, 403],
    [-3, 200],
    [-2, 200],
    [0, 200],
    [2, 200],
    [3, 200],
    [4, 403],
  ])(
    'a piece %i pixels beside the gap is answered %i, as the vendor’s widget tells its visitor',
    async (off, status) => {
      expect({ background, result }).toEqual({ background: 0, result: 0 })
      let sent = false
      while (!sent) {
        const { agent, challenge } = await asked()
        const validate = encoded(challenge, gap + off, picture)
        if (validate === undefined) continue
        sent = true
        await agent.post('/login').send(answer(challenge, validate)).expect(status)
      }
    },
  )

  test('GeetestClient stays the seed’s own rule: less than 3', () => {
    const client = new GeetestClient(cloud)
    for (const { challenge, validate, seccode, note } of vectors.failback_slide.rejected) {
      expect([note, client.failValidate(String(challenge), String(validate), String(seccode))]).toEqual([note, false])
    }
    expect(isNearGap(ans, background, picture)).toBe(false)
  })
})
