import { ok, problem, type Check } from '../check'

/** Whether the cloud recognises what the site has made with its key: of its challenge, or of a lot number. */
export const cloudKey: Check = {
  code: 'cloud_key',
  run: ({ known, settings }) => {
    const isV4 = settings?.version === 4
    if (known === 'yes') return ok(isV4 ? 'cloud_key.signed' : 'cloud_key.ok')
    if (known !== 'no') return undefined
    if (isV4) return problem('cloud_key.refused', 'privateKey: process.env.GEETEST4_KEY  // of this id')
    return problem(
      'cloud_key.wrong',
      'privateKey: process.env.GEETEST_KEY  // of this id; and digest as the account has it',
    )
  },
}
