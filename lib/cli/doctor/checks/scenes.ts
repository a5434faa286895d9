import { problem, warning, type Check } from '../check'

/** An app may have a plugin for every scene; the doctor looks at one of them. */
export const scenes: Check = {
  code: 'scenes',
  run: ({ subject: { captcha, others = [] }, scene }) => {
    if (captcha === undefined) return undefined
    const looked = captcha.settings.scene
    if (scene !== undefined && scene !== looked)
      return problem('scenes.none', '--scene …  # one of these', { scenes: [looked, ...others].join(', ') })
    if (others.includes(looked))
      return warning('scenes.same', "scene: '…'  // a name of its own for each", { scene: looked })
    const [next] = others
    if (next === undefined || scene !== undefined) return undefined
    const write = `--scene ${next} --prefix /${next}  # where that one is mounted`
    return warning('scenes.others', write, { scene: looked, others: others.join(', ') })
  },
}
