import type { Simulator } from 'express-geetest/simulator'
import type { Audit } from '../audit'
import type { Calendar } from '../calendar'
import type { Nodes } from '../nodes'
import type { Offend } from '../offences'
import type { Tally } from '../tally'
import type { Asked, Reply } from './browser'

/** Everything that the crowd stands on. */
export interface Stage {
  readonly nodes: Pick<Nodes, 'lives'>
  /** The cloud, which the crowd solves its captchas at. */
  readonly simulator: Simulator
  readonly calendar: Calendar
  readonly audit: Audit
  readonly tally: Tally
  /** Holds a reply against what no request may ever be answered with. */
  readonly inspect: (asked: Asked, reply: Reply) => void
  readonly offend: Offend
}
