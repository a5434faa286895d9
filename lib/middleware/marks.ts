import type { Request } from 'express'

/** What happened to a request here. Kept beside it, because what stands on it could come from elsewhere. */
const asked = new WeakSet<Request>()
const passed = new WeakSet<Request>()

export const marks = {
  /** A guard or `verify` has looked at it. */
  asked: (req: Request) => void asked.add(req),
  wasAsked: (req: Request): boolean => asked.has(req),
  /** A guard has let it through. */
  passed: (req: Request) => void passed.add(req),
  hasPassed: (req: Request): boolean => passed.has(req),
}
