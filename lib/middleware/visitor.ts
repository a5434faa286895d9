import { isIP } from 'node:net'
import type { Request } from 'express'
import { clientTypes, type ClientType, type Visitor } from '../cloud'
import { GeetestError } from '../errors'

/** What the cloud is told of this visitor beside the label: kind of client, and the address as Express sees it. */
export function visitorOf(req: Request, clientType: (req: Request) => ClientType = guessClientType): Visitor {
  const kind = clientType(req)
  if (!clientTypes.includes(kind)) {
    throw GeetestError.setup('invalid_option', `clientType(req) must return one of ${clientTypes.join(', ')}`)
  }
  return { clientType: kind, ipAddress: addressOf(req) }
}

function guessClientType(req: Request): ClientType {
  return /Mobile|Android|iPhone|iPad/i.test(req.get('user-agent') ?? '') ? 'h5' : 'web'
}

/** Behind a trusted proxy the address is what a header says: only a real one may travel on to the cloud. */
function addressOf({ ip = '' }: Request): string | undefined {
  return ip.length <= 45 && isIP(ip) !== 0 ? ip : undefined
}

/** Addresses that are kept for examples: a site that trusts them as proxies trusts everybody. */
const STRANGERS = ['192.0.2.1', '2001:db8::1']
/** Further away than any number of hops that a site would count. */
const FAR = 1000

/**
 * Limits by address mean nothing where anyone can write the address.
 * @throws GeetestError `trust_proxy`
 */
export function refuseTrustingAll(req: Request): void {
  // What Express makes of every form of the setting, and asks about each address itself.
  const trusts: unknown = req.app.get('trust proxy fn')
  if (typeof trusts !== 'function' || !STRANGERS.some((address) => trusts(address, FAR) === true)) return
  throw GeetestError.setup(
    'trust_proxy',
    "'trust proxy' is set to trust everybody, as true does: every visitor can choose the address that the downtime budgets " +
      "count. Name your balancer instead, app.set('trust proxy', 'loopback') or its address, or a number of hops; or write " +
      'budgets: false',
  )
}
