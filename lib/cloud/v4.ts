import type { AnswerV4 } from '../answer/v4'
import { isLost, usable, type Judgement, type Lost } from '../cloud'
import { signLot } from '../digest'
import type { Reply, Send } from '../http'
import { DEFAULT_API_SERVER_V4 } from '../origin'
import { readCode, readReason, type Detail } from './detail'

/** Other addresses of it, for accounts that were made there: by region, and the mirrors of a reseller. */
export const API_SERVERS_V4 = {
  default: DEFAULT_API_SERVER_V4,
  geevisit: 'https://gcaptcha4.geevisit.com',
  gsensebot: 'https://gcaptcha4.gsensebot.com',
  global: 'https://cap-global.geelabapi.com',
  europe: 'https://cap-eu.geelabapi.com',
  northAmerica: 'https://cap-na.geelabapi.com',
  alicaptcha: 'https://captcha.alicaptcha.com',
  dypns: 'https://captcha-api.dypns.com',
} as const

/** A judgement, and what the vendor said beside it: one of its codes or reasons. */
export type DetailedJudgement = Judgement & { readonly detail?: Detail }

/** Geetest's cloud of version 4. Neither call ever rejects. */
export interface CloudV4 {
  validate(answer: AnswerV4): Promise<DetailedJudgement>
  /** Asks something whose answer no visitor has a say in: `undefined` where the cloud answers as it should, else why not. */
  look(): Promise<Lost | undefined>
}

export interface CloudV4Config {
  readonly captchaId: string
  readonly privateKey: string
  readonly apiServer: string
}

/** Nobody's: the cloud says so, and by that it shows that it is there. */
const NOBODY: AnswerV4 = {
  lotNumber: '0'.repeat(32),
  captchaOutput: 'none',
  passToken: '0'.repeat(64),
  genTime: '0',
}

export function createCloudV4({ captchaId, privateKey, apiServer }: CloudV4Config, send: Send): CloudV4 {
  // The id is in the address, so that the vendor can find the call in its logs (protocol 6.1).
  const url = `${apiServer}/validate?captcha_id=${encodeURIComponent(captchaId)}`

  async function validate({ lotNumber, captchaOutput, passToken, genTime }: AnswerV4): Promise<DetailedJudgement> {
    const params = {
      lot_number: lotNumber,
      captcha_output: captchaOutput,
      pass_token: passToken,
      gen_time: genTime,
      sign_token: signLot(lotNumber, privateKey),
    }
    return judge(await send({ method: 'POST', url, params }), lotNumber)
  }

  return {
    validate,
    async look() {
      const judgement = await validate(NOBODY)
      return isLost(judgement) ? judgement : undefined
    },
  }
}

/**
 * The exact word `success`, about the lot that we asked about, passes; `fail` and the codes about an answer refuse; codes
 * about the id are the site's own mistake. Anything else is nobody's verdict.
 */
function judge(reply: Reply, lotNumber: string): DetailedJudgement {
  const text = usable(reply)
  if (typeof text !== 'string') return text
  const answer = asObject(parse(text))
  const { status, result, code, reason } = answer
  if (status === 'error') {
    const known = readCode(code)
    return known ? { ...known.meaning, detail: known.detail } : { cause: 'garbage', detail: 'other' }
  }
  if (status !== 'success' && status !== undefined) return { cause: 'garbage' }
  const args = answer.captcha_args
  const lot = asObject(args).lot_number
  if (lot !== undefined && lot !== lotNumber) return { cause: 'garbage' }
  // A no that says too little costs its visitor another puzzle; taken for no answer it would count towards an outage.
  if (result === 'fail') return { verdict: 'rejected', detail: readReason(reason) }
  // The sample in the vendor's documentation has no status, so that is a yes too; but such bare words could be anybody's,
  // and then the lot number has to show that they are about ours.
  const isOurs = lot === lotNumber || (status === 'success' && args === undefined)
  return result === 'success' && isOurs ? { verdict: 'ok' } : { cause: 'garbage' }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
