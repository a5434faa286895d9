import type { Request } from 'express'
import type { Geetest } from '../../../index'
import type { Values, Words } from '../../words'
import type { World } from '../../world'
import { cookieHeader, cookiesOf } from '../facts/cookies'
import { startHost, type Host } from '../facts/host'
import { inTime } from '../facts/in-time'
import { ask, isPage, type Reply } from '../facts/request'
import type { Subject } from '../facts/subject'
import { issueOf, PROXIED } from '../facts/visits'
import { solve, type AnswerFields } from './work'

/** One thing that a visitor would have met, and how long it took in milliseconds. */
export interface Step {
  readonly says: keyof Words['drill']
  readonly values: Values
  /** It is not as it should be. */
  readonly wrong?: true
}

/** Longer than the rehearsal takes, in seconds; it is taken back before. */
const SECONDS = 60

/**
 * Rehearses an outage on the app in this process: no other process of the site learns of it. One visitor asks for a challenge, solves
 * it, and is let through by a guard; then the cloud is back.
 */
export async function rehearse(subject: Subject, prefix: string, world: World): Promise<readonly Step[]> {
  const { app, captcha } = subject
  if (app === undefined || captcha === undefined) return [{ says: 'nothing', values: {}, wrong: true }]
  const host = await startHost(app)
  host.encrypted = true
  captcha.force({ mode: 'down', reason: 'doctor --drill', seconds: SECONDS })
  try {
    const during = await outage({ host, captcha, prefix, world })
    captcha.force(undefined)
    return [...during, back(await ask(`${host.url}${prefix}/getcaptcha`, world, { headers: PROXIED }))]
  } finally {
    captcha.force(undefined)
    await host.close()
  }
}

interface Stage {
  readonly host: Host
  readonly captcha: Geetest
  readonly prefix: string
  readonly world: World
}

async function outage(stage: Stage): Promise<Step[]> {
  const { host, captcha, prefix, world } = stage
  const issued = await ask(`${host.url}${prefix}/getcaptcha`, world, { headers: PROXIED })
  const issue = issueOf(issued)
  if (!isPage(issued) || issued.status !== 200 || issue?.success !== 0) return [failed('not_issued', issued)]
  const { downtime } = captcha.settings
  const steps: Step[] = [{ says: 'issued', values: { ms: issued.ms, downtime } }]
  if (downtime === 'deny') return [...steps, { says: 'closed', values: {} }]

  const begun = performance.now()
  const answer = solve(String(issue.challenge), captcha.settings, world.now())
  if (answer === undefined) return [...steps, { says: 'not_solved', values: { downtime } }]
  steps.push({ says: 'solved', values: { ms: Math.round(performance.now() - begun), downtime } })
  return [...steps, ...(await spend(stage, answer, { ...PROXIED, ...cookieHeader(cookiesOf(issued)) }))]
}

/** Sends the answer as a page does, lets a guard see what it left, and sends it again as a thief would. */
async function spend({ host, captcha, prefix, world }: Stage, answer: AnswerFields, headers: Record<string, string>) {
  const validate = `${host.url}${prefix}/validate`
  const question = {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', Accept: 'text/plain' },
    body: JSON.stringify(answer),
  }
  const accepted = await ask(validate, world, question)
  if (!isPage(accepted) || accepted.body !== 'success') return [failed('not_accepted', accepted)]
  // A request that the plugin answers without doing anything: it has this visitor's session, and no handler of the site's runs.
  await ask(`${host.url}${prefix}/getcaptcha`, world, { method: 'HEAD', headers })
  const begun = performance.now()
  const verdict = await inTime(
    world.patience,
    captcha.verify(host.last as Request, { answer: ({ body }) => body as unknown }),
  )
  const ms = Math.round(performance.now() - begun)
  const again = await ask(validate, world, question)
  return [
    { says: 'accepted', values: { ms: accepted.ms } },
    verdict.ok
      ? { says: 'guarded', values: { ms } }
      : { says: 'not_guarded', values: { code: verdict.code }, wrong: true },
    isPage(again) && again.body === 'fail' ? { says: 'once', values: { ms: again.ms } } : failed('twice', again),
  ] satisfies Step[]
}

function back(reply: Reply): Step {
  if (!isPage(reply)) return failed('not_back', reply)
  return issueOf(reply)?.success === 1 ? { says: 'back', values: { ms: reply.ms } } : failed('not_back', reply)
}

const failed = (says: Step['says'], reply: Reply): Step => ({
  says,
  values: { what: isPage(reply) ? `HTTP ${reply.status}` : reply.failed },
  wrong: true,
})
