import { ok, problem, type Check } from '../check'

/** Whether the cloud recognises what the site has made of its challenge. */
export const cloudKey: Check = {
  code: 'cloud_key',
  run: ({ cloud }) => {
    if (cloud?.known === 'yes') return ok('cloud_key.ok')
    if (cloud?.known !== 'no') return undefined
    return problem(
      'cloud_key.wrong',
      'privateKey: process.env.GEETEST_KEY  // of this id; and digest as the account has it',
    )
  },
}
