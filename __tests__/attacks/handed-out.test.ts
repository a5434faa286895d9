/** @express5 what Express itself says is heard in redaction.test.ts */
import { channel } from 'node:diagnostics_channel'
import express from 'express'
import {
  channelNames,
  geetest,
  GeetestClient,
  GeetestError,
  MemoryStore,
  proofOfWork,
  reasons,
  type GeetestOptions,
} from '../../lib'
import { createSimulator } from '../../lib/simulator'
import { credentials } from '../support/site'
import { ears, overhear, simulator, site, visit } from './support/overheard'

overhear()

// Falls when: what was constructed keeps a secret where a printer finds it.
describe('nothing that is handed out shows a secret when it is inspected or put into JSON:', () => {
  const all: [string, () => unknown][] = [
    ['the plugin', () => geetest(credentials(simulator))],
    ['an app that uses it', () => express().use(geetest(credentials(simulator)))],
    ['its status and settings', () => (({ status, settings }) => [status, settings])(geetest(credentials(simulator)))],
    ['its guard', () => geetest(credentials(simulator)).validate()],
    ['the client', () => new GeetestClient(credentials(simulator))],
    ['a downtime provider', () => proofOfWork(credentials(simulator))],
    ['what the package exports', () => ({ geetest, GeetestClient, GeetestError, MemoryStore, proofOfWork })],
    ['every error', () => reasons.map((reason) => GeetestError.because(reason, 1))],
    ['a simulator that runs', () => simulator],
    ['a simulator that does not', () => createSimulator({ ...credentials(simulator) })],
    ['a copy of a simulator', () => Object.assign({}, simulator)],
    ['a simulator inside something else', () => ({ cloud: [simulator] })],
    ['a simulator’s account', () => createSimulator({ accounts: { ['0'.repeat(32)]: simulator.privateKey } })],
  ]
  test.each(all)('attack 26: %s', async (what, make) => {
    await visit(site().app)
    ears.look(what, make())
    expect(ears.heard(what)).toBeGreaterThan(0)
    expect(ears.leaks()).toEqual([])
  })

  test('attack 26: a store that is full of tickets and passes', async () => {
    const store = new MemoryStore()
    await visit(site({ store }).app)
    ears.look('store', store)
    expect(store.size).toBeGreaterThan(0)
    expect(ears.leaks()).toEqual([])
  })
})

const key = 'kept-secret-0123456789'
const id = '0123456789abcdef0123456789abcdef'

/** The error of a construction. */
function complaint(make: () => unknown): unknown {
  try {
    make()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

// Falls when: a value that is refused is quoted, whatever it is.
describe('a mistake at construction does not show the private key where', () => {
  const both = (options: object) => [
    () => geetest(options as GeetestOptions),
    () => new GeetestClient(options as GeetestOptions),
  ]
  test.each<[string, (() => unknown)[]]>([
    ['it and the id have changed places', both({ captchaId: key, privateKey: id })],
    ['it has blanks around it', both({ captchaId: id, privateKey: ` ${key} ` })],
    ['it stands under another name', both({ captchaId: id, private_key: key })],
    ['it stands under another name as well', both({ captchaId: id, privateKey: key, private_key: key })],
    ['it is in an array', both({ captchaId: id, privateKey: [key] })],
    ['another option is wrong', both({ captchaId: id, privateKey: key, timeout: 1 })],
    ['the work factor is wrong', [() => proofOfWork({ privateKey: key, hashes: 0 })]],
  ])('attack 26: %s', (_, makes) => {
    ears.keep('private key', key)
    for (const make of makes) {
      const error = complaint(make)
      expect(error).toBeInstanceOf(GeetestError)
      ears.look('errors', error)
    }
    expect(ears.leaks()).toEqual([])
  })
})

// Falls when: a refused address is quoted with the password in it.
describe('a password that stands in an address', () => {
  test.each<[string, object]>([
    ['apiServer', { apiServer: 'https://me:PASSWORD@cloud.example' }],
    ['http', { http: 'http://me:PASSWORD@proxy.example:8080' }],
    ['bypass', { bypass: { url: 'ftp://me:PASSWORD@cloud.example' } }],
  ])('attack 26: nor is a password that stands in the address of %s', (_, options) => {
    ears.keep('password', 'PASSWORD')
    ears.keep('private key', key)
    ears.look(
      'errors',
      complaint(() => geetest({ captchaId: id, privateKey: key, ...options })),
    )
    expect(ears.leaks()).toEqual([])
  })
})

// What finds nothing proves nothing: each way out is tried with a secret.
describe('a secret is found', () => {
  beforeEach(() => ears.keep('password', 'swordfish'))
  const hidden = Object.defineProperty(new Error('hidden'), 'config', {
    value: { deep: { data: 'swordfish' } },
    enumerable: false,
  })
  test.each<[string, () => unknown]>([
    ['stdout', () => process.stdout.write('swordfish\n')],
    ['stderr', () => process.stderr.write(Buffer.from('swordfish\n'))],
    ['console', () => console.error(hidden)],
    ['warnings', () => process.emitWarning('swordfish', { code: 'TEST' })],
    ['channels', () => channel(channelNames.order).publish({ type: 'order', scene: 'x', reason: 'swordfish' })],
    ['events', () => ears.look('events', { type: 'x', list: Array(500).fill('x').concat('swordfish') })],
    ['errors', () => ears.look('errors', new Error('wrapped', { cause: new Error('swordfish') }))],
    ['replies', () => ears.look('replies', Buffer.from('swordfish').toString('base64'))],
    [
      'objects',
      () =>
        ears.look(
          'objects',
          Object.assign(() => undefined, { [Symbol('s')]: 'swordfish' }),
        ),
    ],
  ])('attack 26: in %s', (where, leak) => {
    leak()
    expect(ears.leaks()).toEqual([`password in ${where}`])
  })
})
