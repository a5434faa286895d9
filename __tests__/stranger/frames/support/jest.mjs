// A project with an app to test, and the block as its test.
import { copyFileSync, writeFileSync } from 'node:fs'
import { shell } from './shell.mjs'

const APP = `const express = require('express')
const session = require('express-session')
const { geetest } = require('express-geetest')

exports.createApp = (options) => {
  const app = express()
  const captcha = geetest(options)
  app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }), captcha)
  app.post('/login', captcha.validate(), (req, res) => res.send('Welcome'))
  return app
}
`

/** Runs the block under jest. */
export async function testBlock() {
  writeFileSync('app.js', APP)
  copyFileSync(process.env.BLOCK, 'login.test.js')
  await shell('npx jest --rootDir . --testMatch "**/login.test.js"')
}
