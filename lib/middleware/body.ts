import express, { type Request, type Response } from 'express'
import { GeetestError } from '../errors'

// No option: an answer is below 2 kB, and a form around it fits the parsers' usual 100 kB.
// Nothing is unpacked: twenty bytes could become a hundred thousand, before anybody knows who sent them.
const parseJson = express.json({ inflate: false })
const parseForm = express.urlencoded({ extended: false, inflate: false })

/**
 * The request's body, parsed by whoever came first. Form and JSON are parsed here when nobody did; other types are left
 * alone, so that a multipart parser may run in front.
 * @throws GeetestError `malformed` for what cannot be parsed
 */
export async function bodyOf(req: Request): Promise<unknown> {
  // The visitor has gone in the middle of it: what is there is not what was sent.
  if (req.destroyed && !req.complete) throw GeetestError.because('malformed')
  if (!isParsed(req)) await run(req.is('urlencoded') ? parseForm : parseJson, req)
  return req.body as unknown
}

/** Express 4's parsers leave `{}` on requests of a type that is not theirs, so an empty object tells nothing. */
function isParsed(req: Request): boolean {
  const body: unknown = req.body
  const untouched = body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
  return !untouched || req.readableEnded
}

function run(parser: express.RequestHandler, req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    parser(req, req.res as Response, (error?: unknown) => {
      // The parser's own error quotes the body; ours does not.
      if (error === undefined) resolve()
      else reject(GeetestError.because('malformed'))
    })
  })
}
