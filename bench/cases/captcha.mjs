import { expect, online } from '../visitor.mjs'

/** The whole of it, one after another, as everybody who logs in needs it. */
const captcha = async (visitor) => {
  const issued = online(await visitor.issue())
  expect(await visitor.post('/validate', issued), 'success')
}

export default [
  { name: 'captcha', title: 'a captcha: issue and validate', operations: 5000, warmUp: 6000, times: 2, act: captcha },
  {
    name: 'newcomers',
    title: 'a captcha, each visitor new',
    operations: 3000,
    warmUp: 1500,
    act(visitor) {
      visitor.cookie = ''
      return captcha(visitor)
    },
  },
  ...[1, 4, 64, 256].map((connections) => ({
    name: `captcha-${connections}`,
    title: `a captcha, ${connections} connection${connections === 1 ? '' : 's'}`,
    connections,
    operations: 2000,
    warmUp: 1500,
    act: captcha,
  })),
  ...[20, 150].map((delay) => ({
    name: `far-${delay}`,
    title: `a captcha, cloud ${delay} ms away`,
    cloud: delay,
    connections: 64,
    operations: 600,
    warmUp: 600,
    act: captcha,
  })),
]
