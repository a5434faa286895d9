import { expect, junk } from '../visitor.mjs'

export default {
  name: 'junk',
  title: 'an answer that is junk',
  prepare: async (visitor) => {
    if (visitor.cookie === '') await visitor.issue()
    return { answer: junk() }
  },
  act: async (visitor, made) => expect(await visitor.post('/validate', made), 'fail'),
}
