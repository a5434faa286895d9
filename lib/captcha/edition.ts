import type { Answer, Unusable } from '../answer'
import type { Endpoint, Judgement, Registration, Visitor } from '../cloud'
import type { Detail } from '../cloud/detail'
import type { Reason } from '../errors'
import type { Caller } from '../fairness/call-gate'
import type { Ticket } from '../tickets'
import type { Asker } from './asker'

/** A judgement of the cloud, and what the vendor said beside it where it says such things. */
export type Judged = Judgement & { readonly detail?: Detail | undefined }

/**
 * A registration. `shared`: it rests on a call that somebody else has made and tells of. `shaped`: a visitor had a say in what
 * the cloud was sent.
 */
export type Opened = Registration & { readonly shared?: boolean; readonly shaped?: boolean }

/** How a captcha begins. */
export interface Opening {
  /** Whether an online challenge is registered by the site, which then has a ticket from the start. */
  readonly registers: boolean
  /** What `open` asks. */
  readonly opensAt: Endpoint
  /**
   * A challenge of the cloud's for this visitor, or why there is none; empty where the page gets its own.
   * @param visitor what the cloud is told of whoever asks; @param caller by whom calls are shared out
   */
  open(visitor: Visitor, caller: Caller): Promise<Opened>
}

/**
 * What differs between the vendor's versions 3 and 4. Tickets, outage, downtime, budgets, passes and verdicts do not, and are written
 * once, over this. `A`: an answer of the version.
 */
export interface Edition<A extends object = object> extends Opening {
  /** Everything that a browser sent, checked at the door. */
  read(body: unknown): A | Unusable | 'absent'
  /** Takes the ticket by which this answer is judged, or says why it is not. */
  take(answer: A, asker: Asker): Promise<Ticket | Reason>
  /** Whether the answer is to the very challenge of the ticket. */
  fits(answer: A, ticket: Ticket): boolean
  /** Whether the answer can be one of the cloud's, as far as anybody can tell without asking. */
  isSigned(answer: A): boolean
  /** Whether nothing in it is of the visitor's own making, beyond what widgets send. */
  isWhole(answer: A): boolean
  judge(answer: A, visitor: Visitor, caller: Caller): Promise<Judged>
  /** The same answer as downtime providers know it. */
  local(answer: A): Answer
}
