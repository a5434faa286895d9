/** The drawing board of the widget, in CSS pixels; the same as the vendor's slide. */
export const WIDTH = 260
export const HEIGHT = 160
export const SIZE = 44

const TOLERANCE = 5
const MOST_TRIES = 6
const MOST_REFRESHES = 10

/** What the widget is told of a puzzle. An honest simulator tells where the gap is: it guards nothing. */
export interface Puzzle {
  readonly type: 'slide'
  readonly challenge: string
  readonly width: number
  readonly height: number
  readonly size: number
  readonly gap: number
  readonly ypos: number
  /** Seed of the picture. */
  readonly picture: number
}

/** Whom a puzzle belongs to: an event of either version. */
interface Owner {
  readonly challenge: string
}

interface Game {
  puzzle: Puzzle
  tries: number
  refreshes: number
}

/** The puzzles of the live events: one at a time for each, with limits on tries and refreshes (protocol 1.8). */
export function createPuzzles(random: (size: number) => Buffer) {
  const games = new WeakMap<Owner, Game>()

  function draw(challenge: string): Puzzle {
    const [x = 0, y = 0, ...seed] = random(6)
    const gap = SIZE + 30 + (x % (WIDTH - 2 * SIZE - 40))
    const ypos = 8 + (y % (HEIGHT - SIZE - 16))
    const picture = seed.reduce((sum, byte) => sum * 256 + byte, 0)
    return { type: 'slide', challenge, width: WIDTH, height: HEIGHT, size: SIZE, gap, ypos, picture }
  }

  return {
    /** A puzzle, under the challenge with two characters more (protocol 1.6). */
    start(event: Owner): Puzzle {
      const tail = [...random(2)].map((byte) => (byte % 36).toString(36)).join('')
      const puzzle = draw(event.challenge + tail)
      games.set(event, { puzzle, tries: games.get(event)?.tries ?? 0, refreshes: 0 })
      return puzzle
    },
    /** Another picture for the same challenge; `undefined` after too many. */
    refresh(event: Owner): Puzzle | undefined {
      const game = games.get(event)
      if (game === undefined) return this.start(event)
      if (++game.refreshes > MOST_REFRESHES) return undefined
      game.puzzle = draw(game.puzzle.challenge)
      return game.puzzle
    },
    /** Whether a piece dropped at `x` fits. */
    attempt(event: Owner, x: unknown): 'hit' | 'miss' | 'too many' {
      const game = games.get(event)
      if (game === undefined) return 'miss'
      if (++game.tries > MOST_TRIES) return 'too many'
      return typeof x === 'number' && Math.abs(x - game.puzzle.gap) <= TOLERANCE ? 'hit' : 'miss'
    },
  }
}

export type Puzzles = ReturnType<typeof createPuzzles>
