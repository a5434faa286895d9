import type { World } from '../../world'
import type { Target } from './target'
import { knowsId, look, saidIn, wrongId } from './look'
import { challengeIn, isChallenge, register } from './register'
import type { Reply } from './request'
import { otherThan, VENDORS } from './vendor'

/** Whether the cloud answered that it does not know this id at all. */
export const isUnknown = ({ version }: Target, reply: Reply | undefined): boolean =>
  version === 4 ? wrongId(saidIn(reply)) === 'unknown' : challengeIn(reply) === '0'

/** Whether the cloud of the other version knows the id: the vendor's, or the same host where it is somebody else's. */
export async function isOfOther(target: Target, world: World): Promise<boolean> {
  const version = otherThan(target.version)
  const apiServer = target.apiServer === VENDORS[target.version] ? VENDORS[version] : target.apiServer
  const there = { ...target, version, apiServer }
  return version === 4
    ? knowsId(saidIn(await look(there, world)))
    : isChallenge(challengeIn(await register(there, world)))
}
