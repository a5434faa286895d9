import { createShelf } from '../shelf'

/** The four fields that a solved captcha of version 4 puts into a form, and the captcha id beside them. */
export interface AnswerFieldsV4 {
  readonly captcha_id: string
  readonly lot_number: string
  readonly captcha_output: string
  readonly pass_token: string
  /** Seconds since 1970, as text. */
  readonly gen_time: string
}

/** One captcha of version 4 and what became of it. */
export interface Lot {
  readonly captchaId: string
  readonly lotNumber: string
  /** What the page called its visit: a random name, from the loader. */
  readonly challenge: string
  readonly clientType: string
  readonly riskType: string
  readonly userInfo: string
  /** When it was loaded, in ms since 1970. */
  readonly loaded: number
  /** What the widget must hand back with its answer. */
  readonly payload: string
  readonly processToken: string
  /** How many tries have failed. */
  failCount: number
  /** The answer that was earned, if somebody solved the puzzle. */
  solved?: AnswerFieldsV4
  /** Whether /validate has said yes to it; it says so once. */
  redeemed: boolean
}

/** Everything that the cloud knows of version 4: the lots of the last ten minutes, and for an hour that they were there. */
export interface Lots {
  readonly lots: readonly Lot[]
  /** A new lot for a known captcha id. */
  load(params: Readonly<Record<string, string>>): Lot
  find(lotNumber: string): Lot | undefined
  /** Whether it may still be solved and redeemed. */
  isAlive(lot: Lot): boolean
  /** Marks a lot as solved; the same answer when it is asked again. */
  solve(lot: Lot): AnswerFieldsV4
}

export interface LotsParts {
  readonly now: () => number
  readonly random: (size: number) => Buffer
}

const MEMORY_MS = 3_600_000

/** What is inside of a captcha_output; nobody but the cloud looks into it. */
const OUTPUT = /^([0-9a-f]{32}):[0-9a-f]{32}$/

/** The lot that an output belongs to; `undefined` for what the cloud did not write. */
export const lotOfOutput = (output: string): string | undefined =>
  OUTPUT.exec(Buffer.from(output, 'base64url').toString('latin1'))?.[1]

export function createLots({ now, random }: LotsParts): Lots {
  const shelf = createShelf<Lot>({ now, bornAt: ({ loaded }) => loaded, memory: MEMORY_MS })
  const hex = (size: number): string => random(size).toString('hex')

  return {
    get lots() {
      return shelf.items
    },
    load({ captcha_id = '', challenge = '', client_type = '', risk_type = '', user_info = '' }) {
      const lot: Lot = {
        captchaId: captcha_id,
        lotNumber: hex(16),
        challenge,
        clientType: client_type,
        riskType: risk_type,
        userInfo: user_info,
        loaded: now(),
        payload: hex(32),
        processToken: hex(32),
        failCount: 0,
        redeemed: false,
      }
      shelf.put(lot.lotNumber, lot)
      return lot
    },
    find: (lotNumber) => shelf.get(lotNumber),
    isAlive: (lot) => shelf.isAlive(lot),
    solve(lot) {
      lot.solved ??= {
        captcha_id: lot.captchaId,
        lot_number: lot.lotNumber,
        pass_token: hex(32),
        gen_time: String(Math.floor(now() / 1000)),
        captcha_output: Buffer.from(`${lot.lotNumber}:${hex(16)}`).toString('base64url'),
      }
      return lot.solved
    },
  }
}
