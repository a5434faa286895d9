import type { Check } from '../check'
import { address } from './address'
import { app } from './app'
import { cached } from './cached'
import { clock } from './clock'
import { cloudConnect } from './cloud-connect'
import { cloudDns } from './cloud-dns'
import { cloudKey } from './cloud-key'
import { cloudLatency } from './cloud-latency'
import { cloudRegister } from './cloud-register'
import { cloudTls } from './cloud-tls'
import { cloudValidate } from './cloud-validate'
import { csp } from './csp'
import { downtime } from './downtime'
import { getcaptcha } from './getcaptcha'
import { guard } from './guard'
import { loader } from './loader'
import { node } from './node'
import { nodeEnv } from './node-env'
import { options } from './options'
import { peers } from './peers'
import { publishedId } from './published-id'
import { redis } from './redis'
import { referrerPolicy } from './referrer-policy'
import { redisEviction } from './redis-eviction'
import { scenes } from './scenes'
import { session } from './session'
import { sessionCookie } from './session-cookie'
import { sessionSecret } from './session-secret'
import { sessionStart } from './session-start'
import { sessionStore } from './session-store'
import { siteHttps } from './site-https'
import { store } from './store'
import { storeClaim } from './store-claim'
import { storeTake } from './store-take'
import { trustProxy } from './trust-proxy'
import { trustedTypes } from './trusted-types'
import { upstream } from './upstream'

/** In the order in which one would look: this machine, the plugin, the session, the store, the routes, the cloud. */
export const checks: readonly Check[] = [
  [node, nodeEnv, peers],
  [app, scenes, options, publishedId, guard, upstream, downtime, trustProxy, address],
  [session, sessionStore, sessionSecret, sessionCookie, sessionStart],
  [store, storeTake, storeClaim, redis, redisEviction],
  [siteHttps, getcaptcha, cached, loader, csp, trustedTypes, referrerPolicy],
  [cloudDns, cloudConnect, cloudTls, cloudRegister, cloudValidate, cloudKey, cloudLatency, clock],
].flat()
