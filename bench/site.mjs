// What all contenders have in common: the same keys, the same session, the same routes.
import { createRequire } from 'node:module'

// The package and its Express from the repository, the contenders from this folder.
export const require = createRequire(new URL('../package.json', import.meta.url))
export const requirePeer = createRequire(import.meta.url)

export const keys = { captchaId: 'be4c40000000000000000000000be4c4', privateKey: 'the-key-of-the-measured-site' }
/** Our deadline for one upstream call, the default; contenders that let one choose have the same. */
export const DEADLINE = 1500

const express = require('express')
const session = require('express-session')

/** An app with the session that every contender gets. */
export const newApp = () => express().use(session({ secret: 'bench', resave: false, saveUninitialized: false }))

export const login = (_req, res) => res.json({ result: 'welcome' })

/**
 * The routes as the vendor's own demos write them, around two calls: `register(req)` answers what goes to the page,
 * `validate(req, fallback, body)` whether the answer is right.
 */
export function handWritten({ register, validate }) {
  const app = newApp()
  app.get('/getcaptcha', (req, res, next) => {
    register(req).then((registered) => {
      req.session.gt_server_status = registered.success
      req.session.user_id ??= 'test'
      res.json(registered)
    }, next)
  })
  const form = express.urlencoded({ extended: false })
  const check = (req) => validate(req, req.session.gt_server_status === 0, req.body)
  app.post('/validate', form, (req, res, next) => {
    check(req).then((good) => res.json({ result: good ? 'success' : 'fail' }), next)
  })
  const guard = (req, res, next) => {
    check(req).then((good) => (good ? next() : res.status(403).json({ result: 'fail' })), next)
  }
  return app.post('/login', form, guard, login)
}
