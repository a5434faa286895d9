import { online } from '../visitor.mjs'

export default {
  name: 'issue',
  title: 'issue a challenge',
  act: async (visitor) => online(await visitor.issue()),
}
