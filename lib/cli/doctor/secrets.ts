import type { World } from '../world'
import type { Subject } from './facts/subject'

/** Takes out of a text what nobody may read in a terminal or a log: the site's secrets, and passwords in addresses. */
export type Redact = (text: string) => string

const SECRETS = /KEY|SECRET|PASSWORD|TOKEN/
/** Shorter ones would take half of every sentence along. */
const LEAST = 4

export function redacting({ env }: World, { options }: Subject): Redact {
  const named = Object.entries(env).flatMap(([name, value]) => (SECRETS.test(name) ? [value] : []))
  const secrets = [...named, options?.privateKey].filter((secret): secret is string => typeof secret === 'string')
  const long = secrets.filter((secret) => secret.length >= LEAST)
  return (text) =>
    long.reduce((rest, secret) => rest.replaceAll(secret, '…'), text).replace(/(\/\/)[^/?#@\s]*@/g, '$1…@')
}
