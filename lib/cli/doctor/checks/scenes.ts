import { problem, warning, type Check, type Outcome } from '../check'

/** An app may have a plugin for every scene; the doctor looks at one of them. */
export const scenes: Check = {
  code: 'scenes',
  run: ({ subject: { failure, captcha, others: [next, ...rest] = [] }, scene }) => {
    if (failure?.at === 'scene') return none(failure.message)
    if (captcha === undefined) return undefined
    const looked = captcha.settings.scene
    if (scene !== undefined) return scene === looked ? undefined : none(looked)
    if (next === undefined) return undefined
    const write = `--scene ${next} --prefix /${next}  # where that one is mounted`
    return warning('scenes.others', write, { scene: looked, others: [next, ...rest].join(', ') })
  },
}

const none = (scenes: string): Outcome => problem('scenes.none', '--scene …  # one of these', { scenes })
