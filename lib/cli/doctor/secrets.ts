import type { World } from '../world'
import type { Subject } from './facts/subject'

/** Takes out of a text what nobody may read in a terminal or a log: the site's secrets, and passwords in addresses. */
export type Redact = (text: string) => string

const SECRETS = /KEY|SECRET|PASSWORD|TOKEN/
/** Shorter ones would take half of every sentence along. */
const LEAST = 4

export function redacting({ env }: World, { options }: Subject): Redact {
  const named = Object.entries(env).filter(([name]) => SECRETS.test(name))
  const secrets = [...named.map(([, value]) => value), ...Object.values(env).map(passwordIn), options?.privateKey]
  const long = secrets.filter((secret): secret is string => typeof secret === 'string' && secret.length >= LEAST)
  return (text) =>
    long.reduce((rest, secret) => rest.replaceAll(secret, '…'), text).replace(/(\/\/)[^/?#@\s]*@/g, '$1…@')
}

const passwordIn = (value = ''): string => (URL.canParse(value) ? decodeURIComponent(new URL(value).password) : '')
