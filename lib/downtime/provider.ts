import type { Answer } from '../answer'

/**
 * What a visitor is asked for while the cloud is down.
 *
 * The core owns everything that replay protection needs: the random id that every challenge starts with, the binding
 * to session and scene, expiry and single use. A provider only says what follows the id, and whether an answer to a
 * challenge that the core has already recognised as its own is right.
 */
export interface DowntimeProvider {
  /** Short and stable: it is written into tickets, and must name the same rule on every node. `online` is taken. */
  readonly name: string
  /** The rest of the challenge after the core's 32 random hex digits; letters, digits, `.`, `_` and `-`, at most 480. */
  issue(id: string): string
  /** Whether `answer` is right. The challenge in it is the issued one, but for two characters a slide may append. */
  verify(answer: Answer): boolean | Promise<boolean>
}
