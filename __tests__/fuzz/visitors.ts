import type { Simulator } from '../../lib/simulator'
import { answerTo } from './answers'
import type { Answering, Case, Cookie, PostCase, RawCase } from './case'
import type { Judge } from './judge'
import type { Issued } from './issued'
import type { Outgoing } from './send'
import { sceneOf, type Scene, type Scenes } from './scenes'
import { wrap } from './wrap'

const PATHS = { login: '/getcaptcha', comment: '/other/getcaptcha' } as const

/** A challenge that nobody gave out. */
const MADE_UP = {
  challenge: '0123456789abcdef'.repeat(2),
  online: true,
  session: '',
  at: 0,
  tried: true,
  passed: 0,
}

/** A request, the challenges that it may use up, and whether it is what an honest visitor sends. */
export interface Plan {
  readonly message: Outgoing
  readonly about: readonly Issued[]
  readonly honest: boolean
}

const isHonest = ({ method, cookie, headers, wrap: way, path, answer: { of, twist } }: PostCase | RawCase): boolean =>
  `${method} ${cookie} ${of}` === 'POST own fresh' &&
  headers.length === 0 &&
  (twist === 'honest' || twist === 'slide') &&
  (way === 'form' || way === 'json') &&
  path !== '/strict'

/** Four visitors with a cookie each, who make of a case the request that they send, as things stand. */
export function createVisitors(judge: Judge, simulator: Simulator, scenes: Scenes) {
  const jars = ['', '', '', '']
  const jarOf = (who: number): string => jars[who % jars.length] ?? ''
  const sidOf = (who: number): string => /=s%3A([^.]+)/.exec(jarOf(who))?.[1] ?? ''

  function cookiesOf({ who, cookie }: Case): [string, string] {
    const [own, other] = [jarOf(who), jarOf(who + 1)]
    const made: Record<Cookie, string> = {
      own,
      none: '',
      other,
      'own, other': `${own}; ${other}`,
      'other, own': `${other}; ${own}`,
      forged: `connect.sid=s%3A${sidOf(who)}.${'A'.repeat(43)}`,
      unsigned: `connect.sid=${sidOf(who)}`,
      junk: 'connect.sid=s%3A; connect.sid; __proto__=x; %zz=%zz; =; connect.sid="\u00ff',
    }
    return ['Cookie', made[cookie]]
  }

  /** The challenges that an answer may be about. */
  function poolOf(of: Answering['of'], who: number, path: string): Issued[] {
    const all = judge.issued()
    const isTheirs = (one: Issued): boolean => one.session === sidOf(who)
    const isOwn = (one: Issued): boolean => isTheirs(one) && one.scene === sceneOf(path)
    const pools: Record<Answering['of'], (one: Issued) => boolean> = {
      fresh: (one) => isOwn(one) && !one.tried,
      pass: (one) => isOwn(one) && !one.tried,
      tried: (one) => isOwn(one) && one.tried,
      foreign: (one) => !isTheirs(one) && !one.tried,
      across: (one) => isTheirs(one) && !isOwn(one) && !one.tried,
      any: () => true,
      'made up': () => false,
    }
    return all.filter(pools[of])
  }

  const choose = (pool: readonly Issued[], pick: number, scene: Scene): Issued =>
    pool[pick % pool.length] ?? { ...MADE_UP, ...scenes[scene], scene }

  /** Who has nothing of that kind lets the next one go first. */
  function whoFor({ who, path, answer: { of } }: PostCase | RawCase): number {
    const has = (one: number): boolean =>
      of === 'pass' ? judge.mayPass(sceneOf(path), sidOf(one)) : poolOf(of, one, path).length > 0
    return jars.map((_, i) => who + i).find(has) ?? who
  }

  function post(given: PostCase | RawCase): Plan {
    const one = { ...given, who: whoFor(given) }
    const { who, method, path, headers, answer } = one
    const scene = sceneOf(path)
    const spends = answer.of === 'pass' && judge.mayPass(scene, sidOf(who))
    const challenge = choose(poolOf(answer.of, who, path), answer.pick, scene)
    // Half of what is swapped comes from an answer that might pass as well.
    const other = choose(poolOf(answer.pick % 2 === 0 ? 'fresh' : 'any', who, path), answer.pick + 1, scene)
    const { type, body, query } = wrap(
      one.wrap,
      spends ? {} : answerTo(answer, scenes[scene].version, challenge, other, simulator),
    )
    const own: [string, string][] = type === undefined ? [] : [['Content-Type', type]]
    const all = [['Accept', 'application/json'] as const, cookiesOf(one), ...own, ...headers]
    const message = { method, path: query ? `${path}?${query}` : path, headers: all, body }
    const about = spends ? [] : usedUp(answer, challenge, other)
    return { message, about, honest: given.do === 'post' && isHonest(one) && judge.mayAnswer(challenge) }
  }

  function usedUp(answer: Answering, challenge: Issued, other: Issued): Issued[] {
    if (answer.twist === 'none') return []
    const about = answer.twist === 'swap' ? [challenge, other] : [challenge]
    for (const one of about) one.tried = true
    return about
  }

  return {
    everybody: jars.map((_, who) => who),

    plan(one: Case): Plan {
      if (one.do === 'post' || one.do === 'raw') return post(one)
      const headers = [cookiesOf(one), ...one.headers]
      const message =
        one.do === 'junk' ? { ...one, headers } : { method: 'GET', path: PATHS[one.scene], headers, body: '' }
      return { message, about: [], honest: false }
    },

    /** Keeps a cookie that was set, as a browser does. */
    keep({ who, cookie }: Case, [set]: readonly string[]): void {
      if (set !== undefined && (cookie === 'own' || cookie === 'none')) jars[who] = set.split(';')[0] ?? ''
    },
  }
}
