import { randomBytes } from 'node:crypto'
import type { AnswerFields } from '../../../lib/simulator'
import { signValidate } from '../../../lib/digest'
import type { World } from '../../support/world'
import { answer } from './forgeries'
import { md5 } from './evil-cloud'

/** How an endpoint behaves, on the test's own clock. A number: it answers after so many milliseconds. */
export type Manner = number | 'hang' | 'refuse' | 'descriptors'

/** A cloud on the test's own clock, as an HTTP client of the site's own: so a deadline is one, however slow this machine is. */
export interface StagedCloud {
  readonly captchaId: string
  readonly privateKey: string
  register: Manner
  validate: Manner
  /** The paths that were asked for. */
  readonly asked: string[]
  /** The way to it, with that deadline. */
  way(deadline?: number): { http: { request(config: object): Promise<{ status: number; data: unknown }> } }
  right(challenge: string): AnswerFields
}

const failed = (code: string): Error => Object.assign(new Error(code), { code })

export function stagedCloud(world: World): StagedCloud {
  const staged: StagedCloud = {
    captchaId: randomBytes(16).toString('hex'),
    privateKey: 'k',
    register: 20,
    validate: 20,
    asked: [],
    right: (challenge) => answer(challenge, signValidate(challenge, 'k')),
    way: (deadline = 1_500) => ({
      http: {
        async request(config) {
          const { url, data } = config as { url: string; data?: string }
          const path = new URL(url).pathname
          staged.asked.push(path)
          const manner = path === '/register.php' ? staged.register : staged.validate
          if (manner === 'refuse') throw failed('ECONNREFUSED')
          if (manner === 'descriptors') throw failed('EMFILE')
          const takes = manner === 'hang' ? Infinity : manner
          await new Promise<void>((resolve) => void world.later(Math.min(takes, deadline), resolve))
          // Not by a time-out: the real clock would have a say in what that means.
          if (takes > deadline) throw failed('ECONNRESET')
          if (path === '/register.php') return { status: 200, data: randomBytes(16).toString('hex') }
          const seccode = String(new URLSearchParams(data).get('seccode'))
          return { status: 200, data: /^0+\|/.test(seccode) ? 'false' : md5(seccode) }
        },
      },
    }),
  }
  return staged
}

/** Lets time pass for as long as something takes. */
export async function passWhile<T>(world: World, doing: Promise<T>): Promise<T> {
  const clock = { stopped: false }
  const done = doing.finally(() => {
    clock.stopped = true
  })
  while (!clock.stopped) await pass(world, 50)
  return done
}

/** Lets everything happen that needs no clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
}

/** Lets `ms` pass in small steps, so that every timer rings in its turn and what follows from it happens. */
export async function pass(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    world.advance(50)
    await settle()
  }
}
