import type { Claims } from '../claims'
import { createCloud, type Cause, type Cloud } from '../cloud'
import { createCloudV4 } from '../cloud/v4'
import type { Send } from '../http'
import type { CloudSettings } from '../options'
import { timing, type CallEnded } from '../timed-cloud'
import type { Edition } from './edition'
import { editionV3 } from './v3'
import { editionV4 } from './v4'

/** The vendor's cloud, of the version that the site's captcha id is of, as the plugin uses it. */
export interface Upstream {
  readonly edition: (claims: Claims) => Edition
  /** Asks whether the cloud is back: `undefined` where it answers as it should, else why not. */
  readonly probe: () => Promise<Cause | undefined>
  /** Registers what nobody has asked for yet. Version 3 only. */
  readonly register?: Cloud['register']
}

export interface UpstreamParts {
  readonly settings: CloudSettings & { readonly scene: string }
  /** A way to the cloud of its own each time, with a limit on calls under way: none starves another. */
  readonly sender: () => Send
  /** For what the plugin asks by itself. */
  readonly background: Send
  readonly now: () => number
  readonly ended: CallEnded
}

export const createUpstream = (parts: UpstreamParts): Upstream =>
  parts.settings.version === 4 ? upstreamV4(parts) : upstreamV3(parts)

function upstreamV3({ settings, sender, background, now, ended }: UpstreamParts): Upstream {
  const timed = timing(now, ended)
  const plain = createCloud(settings, sender(), sender())
  const asked = createCloud(settings, background, background)
  const cloud: Cloud = {
    register: (visitor) => timed('register', plain.register(visitor)),
    validate: (answer, visitor) => timed('validate', plain.validate(answer, visitor)),
  }
  return {
    edition: (claims) => editionV3({ privateKey: settings.privateKey, cloud, claims }),
    async probe() {
      const reply = await timed('probe', asked.register({}))
      return 'cause' in reply ? reply.cause : undefined
    },
    register: (visitor) => cloud.register(visitor),
  }
}

function upstreamV4({ settings, sender, background, now, ended }: UpstreamParts): Upstream {
  const timed = timing(now, ended)
  const looking = createCloudV4(settings, sender())
  const judging = createCloudV4(settings, sender())
  const asked = createCloudV4(settings, background)
  const cloud = {
    look: () => timed('probe', looking.look()),
    validate: (answer: Parameters<typeof judging.validate>[0]) => timed('validate', judging.validate(answer)),
  }
  const { captchaId, scene } = settings
  return {
    edition: (claims) => editionV4({ captchaId, scene, cloud, claims, now }),
    probe: () => timed('probe', asked.look()),
  }
}
