import { ok, problem, warning, type Check, type Outcome } from '../check'

export const options: Check = {
  code: 'options',
  run: ({ subject: { given, failure, captcha }, env }) => {
    const write = 'GEETEST_ID=… GEETEST_KEY=… npx express-geetest doctor ./app.js'
    if (given === 'nothing') return problem('options.nothing', write)
    if (failure?.at === 'options') return refused(failure.message)
    if (captcha === undefined) return undefined
    if (given === 'environment' && env.GEETEST4_ID && captcha.settings.version === 3)
      return warning('options.both', 'GEETEST_ID= GEETEST_KEY= npx express-geetest doctor')
    return ok('options.ok', { scene: captcha.settings.scene })
  },
}

/** The messages of the plugin name the option, and end with what to write. */
function refused(message: string): Outcome {
  const [, meant] = /did you mean (\w+)\?/.exec(message) ?? []
  const [, option = '', write] = /option (\w+) is .*?; write (.*)$/s.exec(message) ?? []
  const line = meant ?? (write ? `${option}: …  // ${write}` : foreignTo4(message))
  return problem('options.refused', line, { message: message.replace(/^express-geetest: /, '') })
}

/** What version 4 cannot do with; without the option it is right. */
function foreignTo4(message: string): string | undefined {
  const [, option, what] = /option (\w+), with version: 4, .*; (.*)$/s.exec(message) ?? []
  if (option === 'store') return 'store: new RedisStore(client)  // or a claim(id, ttl, network) of your own'
  return option && `${option}: undefined  // ${what}`
}
