// A site around a block that only shows its middle.
import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import supertest from 'supertest'
import { apiServer, captchaId, privateKey, simulator } from './cloud.mjs'

/** An app with a session and a captcha in front of what the block adds. */
export function site(options = {}) {
  const app = express()
  const captcha = geetest({ captchaId, privateKey, apiServer, ...options })
  app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }), captcha)
  return { app, captcha }
}

/** A visitor of the app with a challenge, and what its answer is. */
export async function solve(app, prefix = '') {
  const agent = supertest.agent(app)
  const { body } = await agent.get(`${prefix}/getcaptcha`).expect(200)
  return { agent, answer: simulator.answer(body.challenge) }
}
