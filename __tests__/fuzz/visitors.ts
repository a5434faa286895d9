import type { Simulator } from '../../lib/simulator'
import { answerTo } from './answers'
import type { Answering, Case, Cookie, PostCase, RawCase } from './cases'
import type { Issued, Judge } from './judge'
import type { Outgoing } from './send'
import type { Scene } from './site'
import { wrap } from './wrap'

const PATHS = { login: '/getcaptcha', comment: '/other/getcaptcha' } as const
const sceneOf = (path: string): Scene => (/^\/(other|comment)/.test(path) ? 'comment' : 'login')

/** A challenge that nobody gave out. */
const MADE_UP: Issued = {
  challenge: '0123456789abcdef'.repeat(2),
  online: true,
  scene: 'login',
  session: '',
  at: 0,
  tried: true,
  passed: 0,
}

/** Four visitors with a cookie each, who make of a case the request that they send, as things stand. */
export function createVisitors(judge: Judge, simulator: Simulator) {
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
    const isOwn = (one: Issued): boolean => one.session === sidOf(who) && one.scene === sceneOf(path)
    const pools: Record<Answering['of'], (one: Issued) => boolean> = {
      fresh: (one) => isOwn(one) && !one.tried,
      pass: (one) => isOwn(one) && !one.tried,
      tried: (one) => isOwn(one) && one.tried,
      foreign: (one) => !isOwn(one) && !one.tried,
      any: () => true,
      'made up': () => false,
    }
    return all.filter(pools[of])
  }

  const choose = (pool: readonly Issued[], pick: number): Issued => pool[pick % pool.length] ?? MADE_UP

  /** Who asked for nothing lets the next one go first. */
  function whoHas(of: Answering['of'], who: number, path: string): number {
    return jars.map((_, i) => who + i).find((one) => poolOf(of, one, path).length > 0) ?? who
  }

  function post(given: PostCase | RawCase): Outgoing {
    const { method, path, headers, answer } = given
    const { of, pick } = answer
    const spends = of === 'pass' && judge.mayPass(sceneOf(path), sidOf(given.who))
    const one = spends ? given : { ...given, who: whoHas(of, given.who, path) }
    const fields = spends ? {} : answerOf(answer, choose(poolOf(of, one.who, path), pick))
    const { type, body, query } = wrap(one.wrap, fields)
    const own: [string, string][] = type === undefined ? [] : [['Content-Type', type]]
    return {
      method,
      path: query ? `${path}?${query}` : path,
      headers: [['Accept', 'application/json'], cookiesOf(one), ...own, ...headers],
      body,
    }
  }

  function answerOf(answer: Answering, challenge: Issued): object {
    if (answer.twist !== 'none') challenge.tried = true
    return answerTo(answer, challenge, choose(judge.issued(), answer.pick), simulator)
  }

  return {
    everybody: jars.map((_, who) => who),

    request(one: Case): Outgoing {
      if (one.do === 'post' || one.do === 'raw') return post(one)
      const headers = [cookiesOf(one), ...one.headers]
      if (one.do === 'junk') return { ...one, headers }
      return { method: 'GET', path: PATHS[one.scene], headers, body: '' }
    },

    /** Keeps a cookie that was set, as a browser does. */
    keep({ who, cookie }: Case, [set]: readonly string[]): void {
      if (set !== undefined && (cookie === 'own' || cookie === 'none')) jars[who] = set.split(';')[0] ?? ''
    },
  }
}
