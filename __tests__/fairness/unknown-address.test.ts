import { watchAddresses } from '../../lib/fairness/unknown-address'
import { cloud, credentials, site, visitor } from '../support/site'

// The first in this file: a process hears it once.
test('an operator is told, once, that most visitors have no address', async () => {
  const { app } = site(credentials(await cloud()))
  app.set('trust proxy', 'loopback')
  const warn = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined)
  const get = () => visitor(app).get('/getcaptcha').set('X-Forwarded-For', 'unknown')
  for (let i = 0; i < 45; i++) await get()
  const ours = warn.mock.calls.filter(
    ([, options]) => (options as { code?: string }).code === 'GEETEST_UNKNOWN_ADDRESS',
  )
  warn.mockRestore()
  expect(ours).toEqual([[expect.stringContaining("app.set('trust proxy'"), expect.anything()]])
})

describe('nobody is warned', () => {
  const told = (addresses: readonly (string | undefined)[]) => {
    const warn = jest.fn<void, []>()
    addresses.forEach(watchAddresses(warn))
    return warn.mock.calls.length
  }
  const many = (n: number, address: (i: number) => string | undefined) =>
    Array.from({ length: n }, (_, i) => address(i))

  test('where some visitors have no address', () => {
    expect(told(many(200, (i) => (i % 3 ? `192.0.2.${i}` : undefined)))).toBe(0)
  })

  test('of the first few', () => {
    expect(told(many(19, () => undefined))).toBe(0)
  })

  test('where addresses carry ports', () => {
    expect(told(many(100, (i) => `192.0.2.7:${i + 1}`))).toBe(0)
  })
})
