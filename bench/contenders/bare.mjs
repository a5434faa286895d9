// The least that does the work: node:http with kept-alive sockets, by hand.
import { Agent, request } from 'node:http'
import { byHand } from '../by-hand.mjs'
import { DEADLINE } from '../site.mjs'

const agent = new Agent({ keepAlive: true })
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

export function call(method, url, form) {
  return new Promise((resolve, reject) => {
    const headers = form === undefined ? {} : { ...FORM, 'Content-Length': Buffer.byteLength(form) }
    const req = request(url, { method, headers, agent, timeout: DEADLINE }, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (part) => (text += part))
      res.once('end', () => resolve(text)).once('error', reject)
    })
    req.once('timeout', () => req.destroy(new Error('timeout')))
    req.once('error', reject)
    req.end(form)
  }).then(JSON.parse)
}

export const open = (site) => byHand(site, call)
