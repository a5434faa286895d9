import { GeetestError } from '../errors'
import { failback } from './failback'
import { allow, deny } from './open-and-closed'
import { proofOfWork } from './proof-of-work'
import type { DowntimeProvider } from './provider'

export type { DowntimeProvider, IssueTerms } from './provider'

/** The providers that come with the package, by the names that the option takes. */
export const downtimeNames = ['proof-of-work', 'failback', 'deny', 'allow'] as const
export type DowntimeName = (typeof downtimeNames)[number]

/** What the built-in providers are made from. */
export interface DowntimeParts {
  readonly privateKey: string
  readonly newCaptcha: boolean
  readonly random: (size: number) => Buffer
}

export function providerOf(choice: DowntimeName | DowntimeProvider, parts: DowntimeParts): DowntimeProvider {
  switch (choice) {
    case 'proof-of-work':
      return proofOfWork(parts)
    case 'failback':
      return failback(parts.newCaptcha, parts.random)
    case 'deny':
      return deny
    case 'allow':
      return allow
    default:
      return choice
  }
}

/** What the door lets in again (see `answer.ts`), so that a provider's mistake shows at the issue. */
const CHALLENGE = /^[\w.-]{32,512}$/

/**
 * The challenge: the core's id, then the script that the browser needs if any, then what the provider says.
 * @param work how many times the usual work
 */
export function localChallenge(provider: DowntimeProvider, random: (size: number) => Buffer, work = 1): string {
  const id = random(16).toString('hex')
  const rest: unknown = provider.issue(id, { work })
  const challenge = (provider.script === undefined ? id : `${id}.${provider.script}.`) + String(rest)
  // Nobody waits for it, and its rejection would end the process.
  if (rest instanceof Promise) rest.catch(() => undefined)
  if (typeof rest === 'string' && CHALLENGE.test(challenge)) return challenge
  throw GeetestError.setup(
    'invalid_option',
    `downtime provider ${provider.name}: issue(id) must return at most 400 letters, digits, ".", "_" and "-"`,
  )
}
