import { expect } from '../visitor.mjs'

/** The page has got its captcha from the cloud; what the site's server has to do is this. */
export default {
  name: 'validate-v4',
  title: 'version 4: validate an answer',
  only: ['express-geetest4', 'bare4', 'axios4'],
  prepare: async (visitor) => {
    if (visitor.cookie === '') await visitor.issue()
    return visitor.answer4()
  },
  act: async (visitor, made) => expect(await visitor.post('/validate', made), 'success'),
}
