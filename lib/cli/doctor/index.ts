import { read } from '../arguments'
import { fill, languageOf, words, type Words } from '../words'
import type { Command } from '../world'
import { rehearse, type Step } from './drill'
import { gather } from './facts'
import { judge } from './findings'
import { asText, reportOf, type Drill } from './report'
import { redacting } from './secrets'
import { pageOf, prefixOf, urlOf } from './wishes'

/** Looks at a deployment and says what is wrong with it. 1 where anything is. */
export const doctor: Command = async (args, world) => {
  const { values, file } = read(args, {
    url: { type: 'string' },
    prefix: { type: 'string', default: '' },
    page: { type: 'string' },
    scene: { type: 'string' },
    json: { type: 'boolean' },
    drill: { type: 'boolean' },
  })
  const wishes = {
    file,
    url: values.url && urlOf(values.url),
    prefix: prefixOf(values.prefix),
    page: pageOf(values.page ?? '/'),
    scene: values.scene,
  }
  const language = words(languageOf(args, world.env))

  const facts = await gather(wishes, world)
  const { subject } = facts
  const drill = values.drill ? inWords(await rehearse(subject, wishes.prefix, world), language) : undefined
  subject.captcha?.close()

  const report = reportOf(judge(facts, language, redacting(world, subject)), drill)
  world.out(values.json ? JSON.stringify(report, undefined, 2) : asText(report, language))
  return report.ok ? 0 : 1
}

function inWords(steps: readonly Step[], { drill }: Words): Drill {
  const lines = steps.map(({ says, values, wrong }) => `${wrong ? '✗' : '✓'} ${fill(drill[says], values)}`)
  return { ok: steps.every(({ wrong }) => !wrong), lines }
}
