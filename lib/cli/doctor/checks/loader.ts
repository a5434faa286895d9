import { ok, problem, warning, type Check } from '../check'
import { isPage } from '../facts/request'

const WRITE = 'app.use(captcha)  // above express.static and anything that answers every path'

/** The script that pages load from where the plugin is mounted. */
export const loader: Check = {
  code: 'loader',
  run: ({ visits }) => {
    if (visits === undefined || !isPage(visits.first) || visits.first.status !== 200) return undefined
    const { loader } = visits
    if (!isPage(loader)) return problem('loader.failed', WRITE, { reason: loader.failed })
    const { status, headers, body } = loader
    const type = headers['content-type'] ?? '–'
    if (status !== 200 || !body.includes('initGeetest')) return problem('loader.other', WRITE, { status })
    if (!/^(text|application)\/javascript/.test(type)) return problem('loader.type', WRITE, { type })
    return headers['x-content-type-options'] === 'nosniff' ? ok('loader.ok') : warning('loader.sniffed', WRITE)
  },
}
