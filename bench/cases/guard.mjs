import { expect, online } from '../visitor.mjs'

const issue = async (visitor) => online(await visitor.issue())
const enter = async (visitor, carried) => expect(await visitor.post('/login', carried), 'welcome')

export default [
  { name: 'guard-fields', title: 'a guarded login with the three fields', prepare: issue, act: enter },
  {
    name: 'guard-pass',
    title: 'a guarded login with a pass',
    only: ['express-geetest', 'express-geetest-redis'],
    operations: 2000,
    warmUp: 1000,
    async prepare(visitor) {
      // A session holds one pass at a time.
      visitor.cookie = ''
      const issued = await issue(visitor)
      expect(await visitor.post('/validate', issued), 'success')
      return { cookie: issued.cookie }
    },
    act: enter,
  },
]
