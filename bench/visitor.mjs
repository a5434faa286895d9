// One visitor on one connection, over a bare socket: an HTTP client's own work would be most of what the crowd does.
import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { keys } from './site.mjs'

const md5 = (text) => createHash('md5').update(text).digest('hex')

export class Visitor {
  cookie = ''
  #socket
  #heard = ''
  #waiting

  constructor(port) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1')
    this.#socket.on('data', (text) => this.#hear(text))
    this.#socket.once('error', (error) => this.#waiting?.reject(error))
    this.#socket.once('close', () => this.#waiting?.reject(new Error('the server closed the connection')))
  }

  /** Fetches a challenge; answers what a widget would make of it, once it is solved, and whose it is. */
  async issue() {
    const { challenge, success } = JSON.parse(await this.#send('GET', '/getcaptcha'))
    return { success, answer: answerTo(challenge, md5(`${keys.privateKey}geetest${challenge}`)), cookie: this.cookie }
  }

  /** An answer of version 4, as the widget hands it over. */
  answer4() {
    const answer = new URLSearchParams({
      lot_number: randomBytes(16).toString('hex'),
      captcha_output: randomBytes(24).toString('base64url'),
      pass_token: randomBytes(32).toString('hex'),
      gen_time: '1700000000',
    }).toString()
    return { answer, cookie: this.cookie }
  }

  /** Posts an answer in the session that it belongs to; without one, what the session holds must do. */
  post(path, { answer = '', cookie = this.cookie }) {
    this.cookie = cookie
    return this.#send('POST', path, answer)
  }

  leave() {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #send(method, path, body) {
    const type = body ? 'Content-Type: application/x-www-form-urlencoded\r\n' : ''
    const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${this.cookie}${type}${length}`
    this.#socket.write(`${head}\r\n${body ?? ''}`)
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }))
  }

  #hear(part) {
    this.#heard += part
    const end = this.#heard.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = this.#heard.slice(0, end)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1])
    if (Number.isNaN(length)) return this.#waiting.reject(new Error(`an answer of unknown length: ${head}`))
    if (this.#heard.length < end + 4 + length) return
    const text = this.#heard.slice(end + 4)
    this.#heard = ''
    const given = /^set-cookie: ([^;]+)/im.exec(head)?.[1]
    if (given) this.cookie = `Cookie: ${given}\r\n`
    this.#waiting.resolve(text)
  }
}

const answerTo = (challenge, validate) =>
  new URLSearchParams({
    geetest_challenge: challenge,
    geetest_validate: validate,
    geetest_seccode: `${validate}|jordan`,
  }).toString()

/** An answer of the right form that nobody was ever asked for. */
export const junk = () => answerTo(randomBytes(16).toString('hex'), randomBytes(16).toString('hex'))

/** Fails where an answer is not the one that was due: a contender that does not do its work measures nothing. */
export function expect(text, part) {
  if (!text.includes(part)) throw new Error(`answered ${JSON.stringify(text.slice(0, 200))} instead of ${part}`)
}

/** The same of a challenge that should have come from the cloud. */
export function online(issued) {
  if (issued.success !== 1) throw new Error(`answered success: ${issued.success}`)
  return issued
}
