import type { Unusable } from '../answer'
import type { Asker } from './asker'
import type { CaptchaParts } from './parts'
import { passing, type Reach } from './passes'
import { speaking, type Verdict } from './verdict'
import { verifying } from './verify'

/** What one guard asks for. */
export interface Terms extends Reach {
  /** `deny`: only what the cloud judged; a provider's name: that too; `allow`: in an outage even nothing. Absent: the scene's own. */
  readonly downtime?: string | undefined
}

/** Everything that was read at the door; `absent`: nothing, so a pass may stand in. */
type Carried<A> = A | Unusable | 'absent'

/** What becomes of a request without an answer that is not known to come from a page of the site's own. */
const REFUSED = { other: 'missing', unknown: 'origin_unknown' } as const

/** The two entrances: a guarded route, and POST /validate, which exchanges an answer for a pass. */
export function guarding<A extends object>(parts: CaptchaParts<A>) {
  const { edition } = parts
  const speaker = speaking(parts)
  const verify = verifying(parts, speaker)
  const passes = passing(parts, speaker)

  async function withoutAnswer(asker: Asker, terms: Terms): Promise<Verdict> {
    // The browser adds a pass to whatever page asks; so only the site's own pages may.
    const verdict =
      asker.sender === 'own' ? await passes.spend(asker, terms) : speaker.deny('pass', REFUSED[asker.sender])
    return verdict.ok || terms.downtime !== 'allow' || parts.outage.status.mode === 'up' ? verdict : speaker.allow()
  }

  /** What a guard that is stricter than its scene makes of a success: only the cloud's, or that provider's. */
  function narrow(verdict: Verdict, provider: string | undefined): Verdict {
    if (!verdict.ok || verdict.mode === 'online' || provider === undefined) return verdict
    if (provider === 'allow' || verdict.mode === provider) return verdict
    return speaker.deny(verdict.via === 'pass' ? 'pass' : 'answer', 'downtime_denied', verdict.mode)
  }

  async function guard(carried: Carried<A>, asker: Asker, terms: Terms): Promise<Verdict> {
    const found = carried === 'absent' ? await withoutAnswer(asker, terms) : await verify(carried, asker)
    const verdict = narrow(found, terms.downtime)
    return verdict.ok && verdict.via === 'answer' ? passes.grant(verdict, asker, terms) : verdict
  }

  async function exchange(carried: Carried<A>, asker: Asker): Promise<Verdict> {
    const verdict = await verify(carried === 'absent' ? 'missing' : carried, asker)
    if (verdict.ok) await passes.leave(verdict, asker)
    return verdict
  }

  return {
    /** @param body whatever the request carried */
    guard(body: unknown, asker: Asker, terms: Terms): Promise<Verdict> {
      const carried = edition.read(body)
      return speaker.settle(carried === 'absent' ? 'pass' : 'answer', guard(carried, asker, terms))
    },
    exchange: (body: unknown, asker: Asker) => speaker.settle('answer', exchange(edition.read(body), asker)),
    /** For what is thrown before either is asked. */
    settle: speaker.settle,
  }
}
