import { expect, online } from '../visitor.mjs'

const validate = {
  name: 'validate',
  title: 'validate an answer',
  prepare: async (visitor) => online(await visitor.issue()),
  act: async (visitor, issued) => expect(await visitor.post('/validate', issued), 'success'),
}

/** On loopback the cloud costs an honest answer next to no time, as it never does where the cloud is the vendor's. */
const far = {
  name: 'validate-20',
  title: 'validate an answer, cloud 20 ms away',
  cloud: 20,
  operations: 2000,
  warmUp: 600,
}

export default [validate, { ...validate, ...far }]
