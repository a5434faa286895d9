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

/** The messages of the plugin name the option, and end with what to write: in its own language, so that they are taken apart here. */
const VALUE = /^express-geetest: geetest: option (\w+) is (?:wrong in entry (\d+), )?(.*?); write (.*)$/s
const NO_OPTION =
  /^express-geetest: geetest: there is no option "(\w+)"; (?:did you mean (\w+)\?|the options are (.*))$/s

function refused(message: string): Outcome {
  const [value, option = '', entry, what = '', write = ''] = VALUE.exec(message) ?? []
  if (value !== undefined) {
    const values = { option, what, write, ...(entry !== undefined && { entry }) }
    return problem(entry === undefined ? 'options.value' : 'options.entry', `${option}: …  // {write}`, values)
  }
  const [none, name = '', near, names = ''] = NO_OPTION.exec(message) ?? []
  if (none === undefined) return otherwise(message)
  return near === undefined
    ? problem('options.unknown', undefined, { option: name, names })
    : problem('options.other', near, { option: name, near })
}

function otherwise(message: string): Outcome {
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
