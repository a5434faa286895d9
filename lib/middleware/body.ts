import { parse as parseQuery } from 'node:querystring'
import { types } from 'node:util'
import express, { type Request, type Response } from 'express'
import { GeetestError } from '../errors'

// No option: an answer is below 2 kB, and a form around it fits the parsers' usual 100 kB. So many bytes bound the fields as well: more than
// the parsers' usual thousand is a form with a long table in it.
// Nothing is unpacked: twenty bytes could become a hundred thousand, before anybody knows who sent them.
const parseJson = express.json({ type: ['json', '+json'], inflate: false })
const parseForm = express.urlencoded({ extended: false, inflate: false, parameterLimit: 10_000 })

/**
 * The request's body, parsed by whoever came first. Form and JSON are parsed here when nobody did, also where somebody has read the body
 * and left its bytes or its text on `req.body`, which stays as it is then; other types are left alone, so that a multipart parser may run
 * in front.
 * @throws GeetestError `malformed` for what cannot be parsed
 */
export async function bodyOf(req: Request): Promise<unknown> {
  // The visitor has gone in the middle of it: what is there is not what was sent.
  if (req.destroyed && !req.complete) throw GeetestError.because('malformed')
  const left: unknown = req.body
  if (typeof left === 'string') return parsedText(req, left)
  if (isBytes(left)) return parsedBytes(req, left)
  if (!isParsed(req)) await run(typeOf(req) === FORM ? parseForm : parseJson, req)
  return req.body as unknown
}

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/
const KNOWN_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/

/** The media type, without its parameters; empty where there is none that could be one. */
function typeOf(req: Request): string {
  const [type = ''] = (req.get('content-type') ?? '').split(';')
  const name = type.trim().toLowerCase()
  return KNOWN_TYPE.test(name) ? name : ''
}

const isReadHere = (req: Request): boolean => typeOf(req) === FORM || JSON_TYPE.test(typeOf(req))

const isBytes = (body: unknown): body is ArrayBuffer | NodeJS.ArrayBufferView =>
  types.isArrayBufferView(body) || types.isAnyArrayBuffer(body)

/** A text may be all that a parser has found in JSON: then there are no fields in it. */
function parsedText(req: Request, text: string): unknown {
  try {
    return fieldsIn(req, text)
  } catch {
    return text
  }
}

function parsedBytes(req: Request, bytes: ArrayBuffer | NodeJS.ArrayBufferView): unknown {
  const whole = types.isArrayBufferView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes)
  try {
    return whole.length === 0 ? undefined : fieldsIn(req, whole.toString())
  } catch {
    throw GeetestError.because('malformed')
  }
}

/** What a text holds by the request's own word for it; nothing where that is no type that is read here. */
function fieldsIn(req: Request, text: string): unknown {
  const type = typeOf(req)
  if (JSON_TYPE.test(type)) return JSON.parse(text) as unknown
  return type === FORM ? parseQuery(text, '&', '=', { maxKeys: 0 }) : undefined
}

/** Express 4's parsers leave `{}` on requests of a type that is not theirs, so an empty object tells nothing. */
const isParsed = (req: Request): boolean => !isUntouched(req.body) || req.readableEnded

const isUntouched = (body: unknown): boolean =>
  body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)

/** What a parser here has said of bodies that it did not read. */
const refusals = new WeakMap<Request, string>()
const TYPES: Readonly<Record<string, string>> = {
  'entity.too.large': 'it is larger than 100 kB',
  'encoding.unsupported': 'it is packed (Content-Encoding)',
  'charset.unsupported': 'its charset is none that is known here',
  'parameters.too.many': 'it has more than 10,000 fields',
}

function run(parser: express.RequestHandler, req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    parser(req, req.res as Response, (error?: unknown) => {
      // The parser's own error quotes the body; ours does not.
      if (error === undefined) return resolve()
      const { type } = Object(error) as { readonly type?: unknown }
      const why = TYPES[String(type)]
      if (why !== undefined) refusals.set(req, why)
      reject(GeetestError.because('malformed'))
    })
  })
}

/** Why no answer was found in this request's body, where that is about how it came and not what is in it; else empty. */
export function whyUnread(req: Request): string {
  const refusal = refusals.get(req)
  if (refusal !== undefined) return ` The body was not read: ${refusal}. Put a parser of yours in front of the guard.`
  if (!hasBody(req)) return ''
  const left: unknown = req.body
  const isRaw = typeof left === 'string' || isBytes(left)
  if (!isRaw && !isUntouched(left)) return ''
  if (!isReadHere(req)) return ` The body was not read: ${ofType(typeOf(req))}`
  if (isRaw || left !== undefined || !req.readableEnded) return ''
  return ' The body was not read: something in front of the guard has read it and left nothing on req.body.'
}

function ofType(type: string): string {
  if (type === 'multipart/form-data') {
    return (
      'its type is multipart/form-data. Put a parser in front of the guard, such as multer().none(), or send ' +
      'new URLSearchParams(new FormData(form)).'
    )
  }
  const what = type === '' ? 'it has no Content-Type' : `its type is ${type}`
  return `${what}. Send application/json or ${FORM}, with that as Content-Type, or put a parser of yours in front of the guard.`
}

const hasBody = ({ headers, body }: Request): boolean =>
  headers['transfer-encoding'] !== undefined ||
  Number(headers['content-length'] ?? 0) > 0 ||
  (body !== undefined && !isUntouched(body))
