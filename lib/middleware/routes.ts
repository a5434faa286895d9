import express, { type Response, type Router } from 'express'
import type { Verdict } from '../captcha'
import { GeetestError } from '../errors'
import { asset } from './assets'
import type { Flow } from './flow'

/** The three routes of the contract, relative to wherever the plugin is mounted. */
export function routes(flow: Flow): Router {
  const router = express.Router()
  router.get('/gt.js', asset('gt.js'))
  router.get('/getcaptcha', function getcaptcha(req, res, next) {
    flow.issue(req).then((issue) => send(res, 200, 'application/json', JSON.stringify(issue)), next)
  })
  router.post('/validate', function validate(req, res, next) {
    flow
      .checkAnswer(req)
      .then((verdict) => sendVerdict(res, verdict, req.accepts(['text', 'json']) === 'json'))
      .catch(next)
  })
  return router
}

function sendVerdict(res: Response, verdict: Verdict, asJson: boolean): void {
  const result = verdict.ok ? 'success' : 'fail'
  const status = verdict.ok ? 200 : verdictStatus(verdict.code)
  if (!asJson) return send(res, status, 'text/plain', result)
  send(res, status, 'application/json', JSON.stringify(verdict.ok ? { result } : { result, code: verdict.code }))
}

/** 200 for a verdict of either kind, 400 for what is no answer, 503 where the verdict could not be had. */
function verdictStatus(code: Exclude<Verdict, { ok: true }>['code']): number {
  if (code === 'missing') return 400
  const { status } = GeetestError.because(code)
  return status === 403 ? 200 : status
}

/** Past `res.send`, which would add an ETag: no answer of these routes may ever come from a cache. */
function send(res: Response, status: number, type: string, text: string): void {
  res.statusCode = status
  res.setHeader('Content-Type', `${type}; charset=utf-8`)
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Vary', 'Accept, Cookie')
  res.end(text)
}
