import type { Claims } from '../claims'
import { createCloud, isLost, type Cloud, type Endpoint, type Lost } from '../cloud'
import { createCloudV4, type CloudV4 } from '../cloud/v4'
import { OWN } from '../fairness/call-gate'
import type { Send } from '../http'
import type { Look } from '../outage'
import type { CloudSettings } from '../options'
import { timing, type CallEnded } from '../timed-cloud'
import type { Edition } from './edition'
import { shareCalls, shareCallsV4, type CallsQueued } from './shared-calls'
import type { Successors } from './successors'
import { isSilent } from './tell-outage'
import { editionV3 } from './v3'
import { editionV4 } from './v4'

/** The vendor's cloud, of the version that the site's captcha id is of, as the plugin uses it. */
export interface Upstream {
  readonly edition: (claims: Claims, successors: Successors | undefined) => Edition
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
  readonly later: (ms: number, act: () => void) => () => void
  readonly ended: CallEnded
  readonly queued: CallsQueued
}

export const createUpstream = (parts: UpstreamParts): Upstream =>
  parts.settings.version === 4 ? upstreamV4(parts) : upstreamV3(parts)

function upstreamV3({ settings, sender, background, ...world }: UpstreamParts): Upstream {
  const { now, ended } = world
  const timed = timing(now, ended)
  const plain = createCloud(settings, sender(), sender())
  const asked = createCloud(settings, background, background)
  const single: Pick<Cloud, 'register' | 'validate'> = {
    register: (visitor) => timed('register', plain.register(visitor)),
    validate: (answer, visitor) => timed('validate', plain.validate(answer, visitor)),
  }
  const cloud = shareCalls(single, { timeout: settings.timeout, ...world })
  return {
    edition: (claims, successors) =>
      editionV3({ account: settings, rawLabels: settings.sendUserId === 'raw', cloud, claims, successors }),
    probes: {
      async register() {
        const reply = await timed('probe', asked.register({}))
        return lookOf(isLost(reply) ? reply : undefined)
      },
      validate: async () => lookOf(await timed('probe', asked.look())),
    },
    register: (visitor) => cloud.register(visitor, OWN),
  }
}

function upstreamV4({ settings, sender, background, ...world }: UpstreamParts): Upstream {
  const { now, ended } = world
  const timed = timing(now, ended)
  const looking = createCloudV4(settings, sender())
  const judging = createCloudV4(settings, sender())
  const asked = createCloudV4(settings, background)
  const single: CloudV4 = {
    look: () => timed('probe', looking.look()),
    validate: (answer) => timed('validate', judging.validate(answer)),
  }
  const cloud = shareCallsV4(single, { timeout: settings.timeout, ...world })
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
