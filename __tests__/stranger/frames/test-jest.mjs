import { copyFileSync, writeFileSync } from 'node:fs'
import { shell } from './support/shell.mjs'

writeFileSync(
  'app.js',
  `const express = require('express')
   const session = require('express-session')
   const { geetest } = require('express-geetest')

   exports.createApp = (options) => {
     const app = express()
     const captcha = geetest(options)
     app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }), captcha)
     app.post('/login', captcha.validate(), (req, res) => res.send('Welcome'))
     return app
   }`,
)
copyFileSync(process.env.BLOCK, 'login.test.js')
await shell('npx jest --rootDir . --testMatch "**/login.test.js"')
