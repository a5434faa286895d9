import * as fc from 'fast-check'

/** What no captcha sends, as the value of one field. */
export const anyValue = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      '',
      '   ',
      [],
      {},
      ['x'],
      { length: 32 },
      { toString: 'x' },
      { __proto__: null, valueOf: 1 },
      `${'a'.repeat(32)}\0`,
      `${'a'.repeat(32)}\r\nX: y`,
      `\ud800${'a'.repeat(32)}`,
      '０'.repeat(32),
      'a'.repeat(513),
      'a'.repeat(20_000),
    ),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.jsonValue({ maxDepth: 3 }),
  )

const deep = (open: string, close: string): string => open.repeat(3000) + close.repeat(3000)

export const anyBody = (): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        '{"geetest_challenge": ',
        '["geetest_challenge"]',
        'null',
        '"geetest_challenge"',
        '{"__proto__":{"geetest_challenge":"x"},"constructor":{"prototype":{"geetest_validate":"y"}}}',
        'geetest_challenge=a&geetest_challenge=b&geetest_validate[]=x&geetest_seccode[__proto__][y]=z',
        '{"lot_number":"x","captcha_output":',
        '{"__proto__":{"lot_number":"x"},"constructor":{"prototype":{"pass_token":"y"}}}',
        'lot_number=a&lot_number=b&captcha_output[]=x&pass_token[__proto__][y]=z&gen_time=1e9&captcha_id=',
        '%zz%&=&&&[]=&a[b][c][d][e][f][g][h]=1',
        '--x\r\nContent-Disposition: form-data; name="geetest_challenge"\r\n\r\ny\r\n--x--\r\n',
        '\ufeff{}',
        '\0\0\0',
        deep('[', ']'),
        deep('{"a":', '}'),
      ),
    },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 4 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  )
