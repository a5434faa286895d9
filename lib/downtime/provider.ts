import type { Answer } from '../answer'

/** What a provider is told of the visitor whom it asks for something. */
export interface IssueTerms {
  /**
   * How many times the usual work to ask for: 1, or 2, 4 or 8 where the visitor's network asks for more than a fair share or gives
   * wrong answers. Always 1 with `budgets: false`. Ignoring it is allowed.
   */
  readonly work: number
}

/**
 * What a visitor is asked for while the cloud is down.
 *
 * The core owns everything that replay protection needs: the random id that every challenge starts with, the binding
 * to session and scene, expiry, single use and budgets. A provider only says what follows the id, and whether an answer
 * to a challenge that the core has already recognised as its own is right.
 */
export interface DowntimeProvider {
  /** Short and stable: it is written into tickets, and must name the same rule on every node. `online` is taken. */
  readonly name: string
  /**
   * The browser's part, if it is not the vendor's: `gt.js` loads `<script>.js` from where it came from itself. Small
   * letters, digits and `-`; the challenge then reads `<id>.<script>.<what issue returned>`.
   */
  readonly script?: string
  /**
   * The rest of the challenge after the core's id of 32 random hex digits; letters, digits, `.`, `_` and `-`, at most
   * 400 of them.
   * @param id the core's id, for a rule that signs it
   * @param terms what this visitor should be asked for; a provider that asks all for the same need not take it
   */
  issue(id: string, terms?: IssueTerms): string
  /**
   * Whether `answer` is right. The challenge in it is the issued one, but for two characters that a slide may append.
   * A `GeetestError` that it throws denies for that reason; any other error means that there is no verdict, and the
   * answer may be sent again.
   */
  verify(answer: Answer): boolean | Promise<boolean>
}
