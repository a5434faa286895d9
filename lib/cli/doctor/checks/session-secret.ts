import { createHmac } from 'node:crypto'
import { ok, problem, warning, type Check } from '../check'
import { cookiesOf, signedSession } from '../facts/cookies'
import type { Facts } from '../facts'

const WRITE =
  "secret: process.env.SESSION_SECRET  // made once by: node -p \"require('crypto').randomBytes(32).toString('hex')\""

/** What stands in examples, tutorials and first drafts. */
const KNOWN = `
  keyboard cat,secret,mysecret,my secret,my-secret,my_secret,your secret,your-secret,your_secret,yoursecret,
  your-secret-key,your_secret_key,some secret,somesecret,shhh,shhhh,shhhhhhared-secret,session secret,session-secret,
  session_secret,sessionsecret,secretkey,secret-key,secret_key,secret key,supersecret,super-secret,super secret,
  topsecret,thisisasecret,this is a secret,thisismysecret,changeme,change-me,change me,changeit,default,example,
  password,passw0rd,123456,12345678,1234567890,qwerty,admin,root,test,testing,dev,development,demo,foo,bar,foobar,
  hello,hello world,cat,cats,node,nodejs,express,geetest,express-geetest,undefined,null,xxx,xxxx,abc,abc123`
  .split(',')
  .map((word) => word.trim())
/** Shorter ones can be searched through, from one cookie. */
const SHORT = 16

/** Whoever knows the secret can sign a session id of his choice. It is tried by the signature, so this works from outside too. */
export const sessionSecret: Check = {
  code: 'session_secret',
  run: (facts) => {
    const cookie = facts.siteVisits && signedSession(cookiesOf(facts.siteVisits.first))
    if (cookie && KNOWN.some((secret) => sign(cookie.id, secret) === cookie.signature)) {
      return problem('session_secret.known', WRITE)
    }
    return fromEnvironment(facts) ?? (cookie ? ok('session_secret.ok') : undefined)
  },
}

function fromEnvironment({ env: { SESSION_SECRET }, subject }: Facts) {
  if (!SESSION_SECRET || subject.given === 'url') return undefined
  if (KNOWN.includes(SESSION_SECRET)) return problem('session_secret.known', WRITE)
  return SESSION_SECRET.length < SHORT ? warning('session_secret.short', WRITE, { least: SHORT }) : undefined
}

/** As express-session signs its cookie. */
const sign = (id: string, secret: string): string =>
  createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
