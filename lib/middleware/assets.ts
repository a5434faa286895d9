import type { RequestHandler } from 'express'
import { sha256 } from '../digest'
import { GeetestError } from '../errors'
import { version } from '../version'

/** A year, for addresses that name the version they ask for; everything else is asked after each time. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** Serves one bundled script. @throws GeetestError `asset_missing` where the package was not built */
export function asset(file: string): RequestHandler {
  const text = scripts()[file]
  if (text === undefined) throw missing(file)
  const script = Buffer.from(text)
  const etag = `W/"${sha256(text).slice(0, 27)}"`
  return function geetestAsset(req, res) {
    res.setHeader('Content-Type', 'text/javascript; charset=utf-8')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    res.setHeader('Cache-Control', req.query.v === version ? IMMUTABLE : 'no-cache')
    res.setHeader('ETag', etag)
    res.send(script)
  }
}

/**
 * What `npm run build` makes of public/, by name; reached from lib/ and from dist/ alike. Required, and not read from a path, so that
 * whoever bundles a server has it in the bundle.
 */
function scripts(): Readonly<Record<string, string>> {
  try {
    return require('../../dist/public/scripts.json') as Record<string, string>
  } catch {
    throw missing('scripts.json')
  }
}

const missing = (file: string): GeetestError =>
  GeetestError.setup(
    'asset_missing',
    `dist/public/${file} is not there. In a clone, run npm run build; in a bundle, leave the package out of it (external), or have ` +
      'the bundler take JSON along (docs/recipes.md, Bundled servers)',
  )
