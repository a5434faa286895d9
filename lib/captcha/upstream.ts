import type { Answer } from '../answer'
import type { Claims } from '../claims'
import { createCloud, type Cloud, type Endpoint, type Lost, type Visitor } from '../cloud'
import { createCloudV4 } from '../cloud/v4'
import type { Send } from '../http'
import type { Look } from '../outage'
import type { CloudSettings } from '../options'
import { timing, type CallEnded } from '../timed-cloud'
import type { Edition } from './edition'
import { isSilent } from './tell-outage'
import { editionV3 } from './v3'
import { editionV4 } from './v4'

/** The vendor's cloud, of the version that the site's captcha id is of, as the plugin uses it. */
export interface Upstream {
  readonly edition: (claims: Claims) => Edition
  /** Looks at an endpoint, with what no visitor has a say in. Of version 4 the site asks one alone. */
  readonly probes: { readonly validate: () => Promise<Look> } & Partial<Record<Endpoint, () => Promise<Look>>>
  /** Registers what nobody has asked for yet. Version 3 only. */
  readonly register?: Cloud['register']
}

export interface UpstreamParts {
  readonly settings: CloudSettings & { readonly scene: string; readonly sendUserId: string }
  /** A way to the cloud of its own each time, with a limit on calls under way: none starves another. */
  readonly sender: () => Send
  /** For what the plugin asks by itself: nobody waits for it. */
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
  const cloud = {
    register: (visitor: Visitor) => timed('register', plain.register(visitor)),
    validate: (answer: Answer, visitor: Visitor) => timed('validate', plain.validate(answer, visitor)),
  }
  return {
    edition: (claims) => {
      const { privateKey, sendUserId } = settings
      return editionV3({ privateKey, rawLabels: sendUserId === 'raw', cloud, claims })
    },
    probes: {
      async register() {
        const reply = await timed('probe', asked.register({}))
        return lookOf('cause' in reply ? reply : undefined)
      },
      validate: async () => lookOf(await timed('probe', asked.look())),
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
    probes: { validate: async () => lookOf(await timed('probe', asked.look())) },
  }
}

/** Where nothing was asked in earnest, or we are asked to wait, nothing was seen. */
function lookOf(lost: Lost | undefined): Look {
  const cause = lost?.cause
  return isSilent(cause) ? { unseen: cause } : { seen: cause }
}
