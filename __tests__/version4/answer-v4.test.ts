import { asDowntimeAnswer, readAnswerV4 } from '../../lib/answer/v4'

const BODY = {
  lot_number: '4dc3cfc2cdff448cad8d13107198d473',
  captcha_output: 'kQ1-_+/=|:.',
  pass_token: 'f'.repeat(64),
  gen_time: '1626664800',
}

describe('the door of version 4', () => {
  test('reads the four fields', () => {
    expect(readAnswerV4(BODY)).toEqual({
      lotNumber: BODY.lot_number,
      captchaOutput: BODY.captcha_output,
      passToken: BODY.pass_token,
      genTime: BODY.gen_time,
    })
  })

  test('reads the captcha id where the page adds it', () => {
    const captcha_id = '0123456789abcdef0123456789ABCDEF'
    expect(readAnswerV4({ ...BODY, captcha_id })).toMatchObject({ captchaId: captcha_id })
  })

  test.each([undefined, null, 'text', [BODY], {}, { user: 'x' }, Object.create(BODY), { captcha_id: 'f'.repeat(32) }])(
    'takes %j for no answer at all',
    (body) => {
      expect(readAnswerV4(body)).toBe('absent')
    },
  )

  test.each(Object.keys(BODY))('misses %s', (name) => {
    expect(readAnswerV4({ ...BODY, [name]: undefined })).toBe('missing')
    expect(readAnswerV4({ ...BODY, [name]: '' })).toBe('missing')
  })

  test.each<[string, unknown]>([
    ['lot_number', 'short'],
    ['lot_number', BODY.lot_number.toUpperCase()],
    ['lot_number', `${BODY.lot_number}\n`],
    ['lot_number', [BODY.lot_number]],
    ['captcha_output', 'a b'],
    ['captcha_output', 'x'.repeat(8193)],
    ['captcha_output', { length: 3 }],
    ['pass_token', 'x'.repeat(513)],
    ['pass_token', '<b>'],
    ['pass_token', 7],
    ['gen_time', '12a'],
    ['gen_time', '-1'],
    ['gen_time', 7],
    ['gen_time', 1_626_664_800.5],
    ['gen_time', -1_626_664_800],
    ['gen_time', null],
    ['gen_time', '1'.repeat(17)],
    ['captcha_id', 'mine'],
    ['captcha_id', ['f'.repeat(32)]],
    ['captcha_id', null],
  ])('refuses %s %j', (name, value) => {
    expect(readAnswerV4({ ...BODY, [name]: value })).toBe('malformed')
  })

  test('reads a time that a page has made a number of', () => {
    expect(readAnswerV4({ ...BODY, gen_time: 1_626_664_800 })).toEqual(readAnswerV4(BODY))
  })

  test('misses a captcha id that the page adds and leaves empty', () => {
    expect(readAnswerV4({ ...BODY, captcha_id: '' })).toBe('missing')
  })

  test('takes hidden inputs that nothing was written into for no answer at all', () => {
    const empty = Object.fromEntries(Object.keys(BODY).map((name) => [name, '']))
    expect(readAnswerV4(empty)).toBe('absent')
    expect(readAnswerV4({ ...empty, captcha_id: 'f'.repeat(32) })).toBe('absent')
  })

  test('lets long outputs in', () => {
    expect(readAnswerV4({ ...BODY, captcha_output: 'x'.repeat(8192) })).toHaveProperty('captchaOutput')
  })
})

test('in an outage the same fields are what a downtime provider judges', () => {
  const challenge = `${BODY.lot_number}.gt-offline.1.a.b.signature`
  const answer = readAnswerV4({ ...BODY, pass_token: challenge, captcha_output: '1.2' })
  expect(typeof answer === 'object' && asDowntimeAnswer(answer)).toEqual({
    challenge,
    validate: '1.2',
    seccode: '1.2|jordan',
  })
})
