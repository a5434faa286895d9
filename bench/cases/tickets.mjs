import { online } from '../visitor.mjs'

export default {
  name: 'tickets',
  title: 'issue a challenge, 95,000 outstanding',
  only: ['express-geetest'],
  stock: 95_000,
  weigh: true,
  prepare: async (visitor) => void online(await visitor.issue()),
  act: async (visitor) => online(await visitor.issue()),
}
