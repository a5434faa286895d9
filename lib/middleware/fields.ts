import type { Request } from 'express'
import { FN_CHALLENGE, FN_SECCODE, FN_VALIDATE } from '../answer'
import { FN_CAPTCHA_ID, FN_CAPTCHA_OUTPUT, FN_GEN_TIME, FN_LOT_NUMBER, FN_PASS_TOKEN } from '../answer/v4'
import { GeetestError, withoutStack } from '../errors'
import type { Version } from '../options'
import { bodyOf } from './body'
import type { AnswerOf } from './options'

/** Where the fields of an answer are, and whether they stay there. */
export interface Place {
  /** Absent: in the parsed body. */
  readonly answer?: AnswerOf | undefined
  /** Whether they are removed from where they were found. */
  readonly take: boolean
}

const NAMES: Readonly<Record<Version, readonly string[]>> = {
  3: [FN_CHALLENGE, FN_VALIDATE, FN_SECCODE],
  4: [FN_LOT_NUMBER, FN_CAPTCHA_OUTPUT, FN_PASS_TOKEN, FN_GEN_TIME, FN_CAPTCHA_ID],
}

/**
 * The object in which the fields are looked for. A form or JSON body is parsed before anybody is asked for it.
 * @throws GeetestError `malformed` for what cannot be parsed, `invalid_option` where the user's own function throws
 */
export async function fieldsOf(req: Request, { answer, take }: Place, version: Version): Promise<unknown> {
  const body = await bodyOf(req)
  const found = answer === undefined ? body : await ask(answer, req)
  return take ? takeFrom(found, NAMES[version]) : found
}

/** The named fields by themselves; they are gone from where they were. */
function takeFrom(found: unknown, names: readonly string[]): unknown {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return found
  const own = names.filter((name) => Object.hasOwn(found, name))
  const fields = Object.fromEntries(own.map((name) => [name, Reflect.get(found, name) as unknown]))
  for (const name of own) Reflect.deleteProperty(found, name)
  return fields
}

async function ask(answer: AnswerOf, req: Request): Promise<unknown> {
  try {
    return await answer(req)
  } catch (error) {
    tell(answer, error)
    // What was thrown may quote what the visitor sent, a seccode among it.
    throw withoutStack(
      GeetestError.setup(
        'invalid_option',
        'answer(req) threw; return the object in which the fields are, and undefined where there is none, as ' +
          '(req) => req.body?.variables does',
      ),
    )
  }
}

const told = new WeakSet<AnswerOf>()

/** Where it was thrown, once for each function: whoever wrote it wants to know, and no visitor may fill a log with it. */
function tell(answer: AnswerOf, error: unknown): void {
  if (told.has(answer)) return
  told.add(answer)
  const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined }
  const from = (stack ?? '').split('\n').find((line) => /^\s+at /.test(line))
  process.emitWarning(`answer(req) threw ${name}${from === undefined ? '' : ` ${from.trim()}`}; told once`, {
    type: 'GeetestWarning',
    code: 'GEETEST_ANSWER',
  })
}
