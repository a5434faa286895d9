/** A challenge that somebody may answer: registered by a site for a session, or made by the cloud at a reset, for nobody. */
export interface Known {
  readonly challenge: string
  /** When the cloud has made or registered it. */
  readonly made: number
  /** Of which site, and which visitor's; `undefined`: the cloud's own. */
  readonly issued?: { readonly site: number; readonly who: number; readonly at: number }
  passed: number
  /** Somebody has posted it. */
  tried: boolean
}

/** One answer that was sent, and what became of it. */
export interface Sent {
  readonly site: number
  readonly who: number
  readonly known: Known
  readonly code: string
}

/** What a session may still do behind an answer of its own; never less than the truth. */
interface Places {
  left: number
  until: number
  /** Whether `left` is the very number. */
  exact: boolean
  /** What nobody could judge, and its own session may send again. */
  readonly reserved: Set<Known>
}

const LIFETIME_MS = 600_000
const MOST = 5

/** Somebody passed who should not have, or did not who should. */
export class WrongVerdict extends Error {
  override readonly name = 'a wrong verdict'
}

/** The rule of answers after a reset, in the simplest words: what may pass is counted, and never asked of the plugin. */
export function resetsModel(now: () => number) {
  const all = new Map<string, Places>()
  function placesOf({ site, who }: Pick<Sent, 'site' | 'who'>): Places {
    const key = `${site} ${who}`
    const found = all.get(key) ?? { left: 0, until: 0, exact: true, reserved: new Set() }
    all.set(key, found)
    return found
  }
  const isOpen = (places: Places): boolean => places.left > 0 && now() < places.until

  function passIssued({ site, who, known }: Sent): void {
    const { issued } = known
    if (issued?.site !== site || issued.who !== who) throw new WrongVerdict('what was issued to somebody else passed')
    if (now() - issued.at >= LIFETIME_MS) throw new WrongVerdict('what is too old passed')
  }

  /** @param room how many places there can have been for those of one wave */
  function passSuccessor(sent: Sent, room: Places): void {
    if (room.reserved.delete(sent.known)) return
    if (!isOpen(room)) throw new WrongVerdict('an answer followed nothing')
    room.left -= 1
  }

  return {
    /** Whether a right answer of the cloud's own making must pass, sent by itself. */
    mustPass: (by: Pick<Sent, 'site' | 'who'>): boolean => placesOf(by).exact && isOpen(placesOf(by)),

    /** Judges what was sent at once: in whatever order it was answered, this cannot be more than was allowed. */
    wave(sent: readonly Sent[]): void {
      const alone = sent.length === 1
      for (const one of sent.filter(({ code }) => code === 'through')) {
        if (++one.known.passed > 1) throw new WrongVerdict('an answer passed twice')
        if (one.known.issued === undefined) continue
        passIssued(one)
        const places = placesOf(one)
        const among = sent.some(({ site, who, known }) => site === one.site && who === one.who && !known.issued)
        places.left = MOST + (among ? places.left : 0)
        places.until = Math.max(among ? places.until : 0, one.known.issued.at + LIFETIME_MS)
        places.exact = alone
      }
      for (const one of sent.filter(({ known }) => known.issued === undefined)) {
        const places = placesOf(one)
        if (!alone) places.exact = false
        if (one.code === 'through') passSuccessor(one, places)
        else if (one.code === 'unavailable') {
          places.exact = false
          places.reserved.add(one.known)
        } else if (one.code === 'rejected' && alone && places.exact && places.left > 0) places.left -= 1
      }
      // What came of several at once is at most what a new answer of the site's leaves.
      for (const places of all.values()) places.left = Math.min(places.left, MOST)
    },
  }
}
