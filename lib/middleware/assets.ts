import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import { GeetestError } from '../errors'
import { packageRoot, version } from '../version'

// Built from public/ by `npm run build`; reached from lib/ and from dist/ alike.
const root = join(packageRoot, 'dist', 'public')

/** A year, for addresses that name the version they ask for; everything else is asked after each time. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** A condition or a range that the file does not meet: what the visitor's own headers ask for is nothing for a log either. */
const OF_THE_VISITOR: ReadonlySet<number> = new Set([412, 416])

interface SendError extends NodeJS.ErrnoException {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Serves one bundled script. @throws GeetestError `asset_missing` where the package was not built */
export function asset(file: string): RequestHandler {
  if (!existsSync(join(root, file))) {
    throw GeetestError.setup('asset_missing', `${join(root, file)} is not there; in a clone, run npm run build`)
  }
  return function geetestAsset(req, res, next) {
    res.setHeader('Content-Type', 'text/javascript; charset=utf-8')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    res.setHeader('Cache-Control', req.query.v === version ? IMMUTABLE : 'no-cache')
    res.sendFile(file, { root, cacheControl: false }, (error?: SendError) => {
      // A visitor who has gone is no error: nobody is left to be told, and a log of it would only cry wolf.
      if (!error || error.code === 'ECONNABORTED' || res.headersSent) return
      if (!OF_THE_VISITOR.has(Number(error.status))) return next(error)
      res.set(error.headers ?? {})
      res.status(Number(error.status)).end()
    })
  }
}
