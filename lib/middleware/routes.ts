import express, { type Response, type Router } from 'express'
import type { Denial, Verdict } from '../captcha'
import { GeetestError } from '../errors'
import { asset } from './assets'
import { crossOrigin } from './cross-origin'
import type { Flow } from './flow'

/** What is served from public/. */
const SCRIPTS = ['geetest-form.js', 'gt.js', 'gt4.js', 'gt4-form.js', 'gt-offline.js', 'gt4-offline.js', 'gt-words.js']

/** By which the form helper knows a challenge, and a refusal of one: a file that somebody has uploaded to the site cannot have it. */
export function mark(res: Response): void {
  // A time-out of the site's own may have answered already.
  if (!res.headersSent) res.setHeader('X-Geetest', 'challenge')
}

/** The routes of the contract, relative to wherever the plugin is mounted. */
export function routes(flow: Flow): Router {
  const router = express.Router()
  router.all(['/getcaptcha', '/validate'], crossOrigin(flow.origins))
  // Nothing to look at, and no reason to issue a challenge that nobody can read.
  router.head('/getcaptcha', (_req, res) => send(res, 200, 'application/json', ''))
  router.get('/getcaptcha', function getcaptcha(req, res, next) {
    mark(res)
    flow
      .issue(req, true)
      .then((issue) => send(res, 200, 'application/json', JSON.stringify(issue)))
      .catch((error: unknown) => {
        if (GeetestError.is(error) && !res.headersSent) res.set(error.headers)
        next(error)
      })
  })
  router.post('/validate', function validate(req, res, next) {
    flow
      .checkAnswer(req)
      .then((verdict) => sendVerdict(res, verdict, req.accepts(['text', 'json']) === 'json'))
      .catch(next)
  })
  // Behind the two that every captcha asks: Express tries its routes in order.
  serveScripts(router)
  return router
}

/** The scripts by themselves, which need no session. */
export const scripts = (): Router => serveScripts(express.Router())

function serveScripts(router: Router): Router {
  for (const file of SCRIPTS) router.get(`/${file}`, asset(file))
  return router
}

function sendVerdict(res: Response, verdict: Verdict, asJson: boolean): void {
  const result = verdict.ok ? 'success' : 'fail'
  const { status, headers } = verdict.ok ? { status: 200, headers: {} } : denialOf(verdict)
  res.set(headers)
  if (!asJson) return send(res, status, 'text/plain', result)
  send(res, status, 'application/json', JSON.stringify(verdict.ok ? { result } : { result, code: verdict.code }))
}

/** 200 for a verdict of either kind, 400 for what is no answer, 429 over budget, 503 where the verdict could not be had. */
function denialOf({ code, retryAfter }: Denial): Pick<GeetestError, 'status' | 'headers'> {
  const { status, headers } = GeetestError.because(code, retryAfter)
  if (code === 'missing') return { status: 400, headers }
  return { status: status === 403 ? 200 : status, headers }
}

/** Past `res.send`, which would add an ETag: no answer of these routes may ever come from a cache. */
function send(res: Response, status: number, type: string, text: string): void {
  // A time-out of the site's own may have answered meanwhile.
  if (res.headersSent) return
  res.statusCode = status
  res.setHeader('Content-Type', `${type}; charset=utf-8`)
  // express-session would send an answer of unknown length in chunks.
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  if (res.hasHeader('Vary')) res.vary('Accept, Cookie')
  else res.setHeader('Vary', 'Accept, Cookie')
  // express-session keeps the last byte back until it has saved; all of it leaves then, in one piece.
  res.cork()
  res.end(text)
}
