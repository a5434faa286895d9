import type { World } from '../../world'
import { startHost } from './host'
import { inTime } from './in-time'
import { nobody, type Said } from './look'
import { ask } from './request'
import type { Subject } from './subject'
import { PROXIED } from './visits'

/**
 * What the cloud of version 4 says of an answer of nobody's that the plugin itself has sent: by its own way, and signed with its own
 * key, which the doctor need not know for that. `undefined` where nothing was heard.
 */
export async function answerAsNobody(
  { app, captcha }: Subject,
  prefix: string,
  world: World,
): Promise<Said | undefined> {
  if (app === undefined || captcha?.settings.version !== 4) return undefined
  const host = await startHost(app)
  host.encrypted = true
  try {
    // A request that the plugin answers without doing anything; it only has to have come through the site's session.
    await ask(`${host.url}${prefix}/getcaptcha`, world, { method: 'HEAD', headers: PROXIED })
    if (host.last === undefined) return undefined
    // Another lot each time: the plugin remembers what was posted.
    const request = Object.assign(host.last, { body: nobody(world.random(16).toString('hex')) })
    const verdict = await inTime(world.patience, captcha.verify(request, { answer: ({ body }) => body as unknown }))
    return verdict.ok ? 'accepted' : asSaid(verdict.detail)
  } catch {
    // Without a session, say; other checks speak of that.
    return undefined
  } finally {
    await host.close()
  }
}

function asSaid(detail: string | undefined): Said | undefined {
  if (detail === undefined || detail === 'other') return undefined
  return detail.startsWith('-') ? { code: detail } : { refused: detail }
}
