import { ok, problem, type Check } from '../check'

const EXPORT = 'export default app  // or module.exports = app, with app.listen() in another file'

/** Whether the file that was named gave something to look at. */
export const app: Check = {
  code: 'app',
  run: ({ subject: { given, failure, captcha, isMounted } }) => {
    if (failure?.at === 'load')
      return problem('app.failed', 'node ./app.js  # until it starts by itself', { message: failure.message })
    if (failure?.at === 'empty')
      return failure.message === ''
        ? problem('app.nothing', EXPORT)
        : problem('app.empty', EXPORT, { names: failure.message })
    if (given !== 'app' || failure) return undefined
    if (captcha && isMounted === false)
      return problem('app.not_mounted', 'app.use(captcha)  // above the routes that it guards')
    return captcha ? ok('app.ok') : problem('app.without_plugin', 'app.use(geetest({ captchaId, privateKey }))')
  },
}
