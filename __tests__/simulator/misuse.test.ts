import { createSimulator } from '../../lib/simulator'
import { cloud } from '../support/site'

/** What is handed over where a challenge belongs, by those who mean what `GET /getcaptcha` answers. */
const OTHERS: [unknown, string][] = [
  [undefined, 'undefined'],
  [null, 'null'],
  [{ challenge: 'a' }, 'of type object'],
  [7, 'of type number'],
  [['a'], 'an array'],
]

describe('whoever hands the simulator something else is told what to write:', () => {
  test.each(OTHERS)('answer(%j)', async (challenge, kind) => {
    const simulator = await cloud()
    expect(() => simulator.answer(challenge as string)).toThrow(
      `simulator.answer(challenge): challenge is ${kind}; write simulator.answer(body.challenge)`,
    )
  })

  test.each(OTHERS)('reset(%j)', async (challenge, kind) => {
    const simulator = await cloud()
    expect(() => simulator.reset(challenge as string)).toThrow(
      `simulator.reset(challenge): challenge is ${kind}; write`,
    )
  })

  test.each([[null], ['lot'], [7], [[]]])('options that are %j', async (options) => {
    const simulator = await cloud()
    const write = /options is .*; write an object, or leave it out$/
    expect(() => createSimulator(options as never)).toThrow(write)
    expect(() => simulator.answerV4(options as never)).toThrow(write)
    expect(() => simulator.answer('a', options as never)).toThrow(write)
    await expect(simulator.fault('500', options as never)).rejects.toThrow(write)
  })

  test.each([['short'], [7], [null]])('an id that is %j', (captchaId) => {
    const write = 'write 32 hexadecimal digits, or leave it out'
    expect(() => createSimulator({ captchaId: captchaId as string })).toThrow(write)
  })
})
