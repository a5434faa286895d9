import { expect, online } from '../visitor.mjs'

export default {
  name: 'validate',
  title: 'validate an answer',
  prepare: async (visitor) => online(await visitor.issue()),
  act: async (visitor, issued) => expect(await visitor.post('/validate', issued), 'success'),
}
