import { geetest, MemoryStore } from '../../../index'
import { problem, type Check } from '../check'
import { reasonOf } from '../facts/in-time'

/** A site that is only seen from outside never met the plugin's own rule here. */
export const publishedId: Check = {
  code: 'published_id',
  run: ({ settings, cloud }) => {
    if (settings !== undefined || cloud === undefined) return undefined
    const { version, captchaId, apiServer } = cloud
    try {
      // Any key will do: none of it is used.
      geetest({
        version,
        captchaId,
        apiServer,
        privateKey: 'of-the-doctor',
        allowInsecure: true,
        store: new MemoryStore(),
      }).close()
      return undefined
    } catch (error) {
      return problem('published_id.bad', 'captchaId: process.env.GEETEST_ID', { message: reasonOf(error) })
    }
  },
}
