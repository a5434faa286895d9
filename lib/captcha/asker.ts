import type { Claimant } from '../claims'
import type { Visitor } from '../cloud'

/** Whose page a request comes from, as far as the browser says: the site's own, another's, or one that it does not name. */
export type Sender = 'own' | 'other' | 'unknown'

/** Who asks to be let through. */
export interface Asker extends Claimant {
  readonly visitor: Visitor
  readonly sender: Sender
  /** The label of the visitor, noted in the session. */
  readonly label: () => Promise<string>
}
