import type { Claims } from '../claims'
import { createCloud, type Cause, type Cloud } from '../cloud'
import { createCloudV4, type CloudV4 } from '../cloud/v4'
import { OWN } from '../fairness/call-gate'
import type { Send } from '../http'
import type { CloudSettings } from '../options'
import { timing, type CallEnded } from '../timed-cloud'
import type { Edition } from './edition'
import { shareCalls, shareCallsV4, type CallsQueued } from './shared-calls'
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
  const single: Cloud = {
    register: (visitor) => timed('register', plain.register(visitor)),
    validate: (answer, visitor) => timed('validate', plain.validate(answer, visitor)),
  }
  const cloud = shareCalls(single, { timeout: settings.timeout, ...world })
  return {
    edition: (claims) => editionV3({ privateKey: settings.privateKey, cloud, claims }),
    async probe() {
      const reply = await timed('probe', asked.register({}))
      return 'cause' in reply ? reply.cause : undefined
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
    probe: () => timed('probe', asked.look()),
  }
}
