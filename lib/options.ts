import { digestMods, type DigestMod } from './digest'
import { GeetestError } from './errors'
import { isAxios, type AxiosLike, type HttpSettings } from './http'
import { DEFAULT_API_SERVER, DEFAULT_API_SERVER_V4, isApiServer, isExposed, normalOrigin } from './origin'
import { checkOptions, ownOptions, type Rule, type Rules } from './rules'

/** What it takes to talk to Geetest's cloud: the options of `GeetestClient`, and the first half of the plugin's. */
export interface CloudOptions {
  /** The captcha id (the vendor also says `gt`): 32 hexadecimal digits. Public; the page sees it. */
  readonly captchaId: string
  /** The private key of that id. Secret: it never leaves the server, and never enters a log or an error. */
  readonly privateKey: string
  /**
   * The cloud's address. Default `https://api.geetest.com`. Plain http is accepted for this machine (the simulator);
   * elsewhere only with `allowInsecure`, because the cloud's verdict is not signed.
   */
  readonly apiServer?: string | undefined
  /** Accept plain http to another machine. Default `false`. Whoever can write on that wire decides who passes. */
  readonly allowInsecure?: boolean | undefined
  /** The account's digestmod: `md5` (default; every account), `sha256` or `hmac-sha256` (switched by the vendor). */
  readonly digest?: DigestMod | undefined
  /** What pages are told as `new_captcha`; picks the offline widget and its rule. Default `true`; `false` is the slide. */
  readonly newCaptcha?: boolean | undefined
  /** Deadline of one upstream call in milliseconds, connect and body included. Default 1500; from 50 to 30000. */
  readonly timeout?: number | undefined
  /** An axios instance of your own, or settings for ours: `proxy`, `httpAgent`, `httpsAgent`. */
  readonly http?: AxiosLike | HttpSettings | undefined
}

/** The same, decided. */
export type CloudSettings = Required<{ readonly [name in keyof CloudOptions]: NonNullable<CloudOptions[name]> }> & {
  readonly version: Version
}

/** The vendor's versions of the captcha; a captcha id is of one of them. */
export const versions = [3, 4] as const
export type Version = (typeof versions)[number]

const CLOUDS: Readonly<Record<Version, string>> = { 3: DEFAULT_API_SERVER, 4: DEFAULT_API_SERVER_V4 }

const matching =
  (shape: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && shape.test(value)

/** A rule for a closed list of words. */
export const oneOf = (words: readonly unknown[], fallback: string): Rule => ({
  allows: (value) => words.includes(value),
  write: `one of ${words.map(String).join(', ')} (default ${fallback})`,
})

/** A rule for a whole number of something. */
export const wholeNumber = (least: number, most: number, ofWhat: string): Rule => ({
  allows: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  write: `a whole number from ${least} to ${most}: ${ofWhat}`,
})

/** A rule for a function of the user's. */
export const callback = (write: string): Rule => ({ allows: (value) => typeof value === 'function', write })

/** Whether something has these methods. */
export const hasMethods =
  (...names: string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')

export const CLOUD_RULES = {
  captchaId: {
    allows: matching(/^[0-9a-f]{32}$/i),
    write: 'the 32 hexadecimal digits that the vendor shows as captcha id',
    // No secret itself; but where the two have changed places, the key stands here.
    secret: true,
    required: true,
  },
  privateKey: {
    allows: matching(/^\S{1,256}$/),
    write: 'the private key of that captcha id, without blanks around it',
    secret: true,
    required: true,
  },
  apiServer: { allows: isApiServer, write: `an address with its scheme, such as ${DEFAULT_API_SERVER}` },
  allowInsecure: oneOf([true, false], 'false'),
  digest: oneOf(digestMods, 'md5'),
  newCaptcha: oneOf([true, false], 'true'),
  timeout: wholeNumber(50, 30_000, 'milliseconds, such as 1500'),
  http: {
    allows: isHttp,
    write: 'an axios instance, or an object of proxy (false, or host and port), httpAgent and httpsAgent',
  },
} satisfies Rules

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPlainObject = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype

const HTTP_SETTINGS: Readonly<Record<keyof HttpSettings, (value: unknown) => boolean>> = {
  proxy: (value) =>
    value === false || (isObject(value) && typeof value.host === 'string' && Number.isInteger(value.port)),
  httpAgent: isObject,
  httpsAgent: isObject,
}

function isHttp(value: unknown): boolean {
  if (typeof value === 'function') return isAxios(value)
  if (!isObject(value)) return false
  if (isAxios(value)) return true
  const settings = Object.entries(value).filter(([, setting]) => setting !== undefined)
  return (
    isPlainObject(value) && settings.every(([name, setting]) => HTTP_SETTINGS[name as keyof HttpSettings]?.(setting))
  )
}

/** Plain http to another machine is accepted only when it is asked for by name. */
export function refuseExposed(of: string, option: string, address: string, allowInsecure: boolean): void {
  if (allowInsecure || !isExposed(address)) return
  throw GeetestError.setup(
    'invalid_option',
    `${of}: option ${option} is ${JSON.stringify(address)}, plain http to another machine, where anyone on the wire ` +
      'can forge the verdict; write https://, or allowInsecure: true beside it if the wire is yours',
  )
}

/** Checks `given` against `rules` (`CLOUD_RULES` and more) and fills in the cloud's defaults. */
export function resolveCloud(
  of: string,
  given: CloudOptions & { readonly version?: Version | undefined },
  rules: Rules = CLOUD_RULES,
): CloudSettings {
  checkOptions(of, given, rules)
  const options = ownOptions(given)
  const { version = 3, http = {} } = options
  const apiServer = normalOrigin(options.apiServer ?? CLOUDS[version])
  const allowInsecure = options.allowInsecure ?? false
  refuseExposed(of, 'apiServer', apiServer, allowInsecure)
  return {
    version,
    captchaId: options.captchaId,
    privateKey: options.privateKey,
    apiServer,
    allowInsecure,
    digest: options.digest ?? 'md5',
    newCaptcha: options.newCaptcha ?? true,
    timeout: options.timeout ?? 1500,
    http: isPlainObject(http) && !Object.hasOwn(http, 'request') ? ownOptions(http) : http,
  }
}
