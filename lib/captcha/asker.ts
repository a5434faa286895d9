import type { Claimant } from '../claims'
import type { Visitor } from '../cloud'

/** Who asks to be let through. */
export interface Asker extends Claimant {
  readonly visitor: Visitor
  /** Whether the request comes from one of the site's own pages, as far as the browser says. */
  readonly ownPage: boolean
  /** The label of the visitor, noted in the session. */
  readonly label: () => Promise<string>
}
