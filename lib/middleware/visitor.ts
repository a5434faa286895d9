import { isIP } from 'node:net'
import type { Request } from 'express'
import { clientTypes, type ClientType, type Visitor } from '../cloud'
import { GeetestError, withoutStack } from '../errors'

/** What the cloud is told of this visitor beside the label: kind of client, and the address as Express sees it. */
export function visitorOf(req: Request, clientType: (req: Request) => ClientType = guessClientType): Visitor {
  const kind = clientType(req)
  if (!clientTypes.includes(kind)) {
    throw withoutStack(
      GeetestError.setup('invalid_option', `clientType(req) must return one of ${clientTypes.join(', ')}`),
    )
  }
  return { clientType: kind, ipAddress: addressOf(req) }
}

function guessClientType(req: Request): ClientType {
  return /Mobile|Android|iPhone|iPad/i.test(req.get('user-agent') ?? '') ? 'h5' : 'web'
}

/** Some gateways write the visitor's port behind the address, and an IPv6 address then stands in brackets. */
const WITH_PORT = /^(?:\[([^\][]+)\]|([\d.]+))(?::\d{1,5})?$/

/**
 * The visitor's address without port and zone. Behind a trusted proxy it is what a header says: only a real one may travel on to the
 * cloud or be counted. Undefined for everything else, and over a unix socket, which has none.
 */
function addressOf({ ip = '', app }: Request): string | undefined {
  const [, bracketed, dotted] = WITH_PORT.exec(ip.slice(0, LONGEST + 1)) ?? []
  const bare = (bracketed ?? dotted ?? ip).replace(/%[\w.-]{1,32}$/, '')
  if (ip.length > LONGEST || isIP(bare) === 0) return undefined
  // Express looks for proxies by the whole text: with a port the site's own is not known again, and all visitors would be that one.
  return bare !== ip && trusts(app, bare) ? undefined : bare
}

/** The longest address, its zone, brackets and a port. */
const LONGEST = 45 + 33 + 2 + 6

/** Addresses that are kept for examples: a site that trusts them as proxies trusts everybody. */
const STRANGERS = ['192.0.2.1', '2001:db8::1']
/** Further away than any number of hops that a site would count. */
const FAR = 1000

/** What Express makes of every form of the setting, and asks about each address itself. */
function trusts(app: TrustingApp, address: string): boolean {
  const trusted: unknown = app.get('trust proxy fn')
  return typeof trusted === 'function' && trusted(address, FAR) === true
}

/** As much as is asked of an app. */
interface TrustingApp {
  get(setting: string): unknown
}

/** Whether an app's `trust proxy` trusts every address, so that visitors choose theirs. */
export const trustsEverybody = (app: TrustingApp): boolean => STRANGERS.some((address) => trusts(app, address))

/**
 * Limits by address mean nothing where anyone can write the address.
 * @throws GeetestError `trust_proxy`
 */
export function refuseTrustingAll(req: Request): void {
  if (!trustsEverybody(req.app)) return
  throw GeetestError.setup(
    'trust_proxy',
    "'trust proxy' is set to trust everybody, as true does: every visitor can choose the address that the downtime budgets " +
      "count. Name your balancer instead, app.set('trust proxy', 'loopback') or its address, or a number of hops; or write " +
      'budgets: false',
  )
}
