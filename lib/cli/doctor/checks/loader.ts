import { ok, problem, warning, type Check, type Outcome } from '../check'
import { isPage } from '../facts/request'
import type { Script } from '../facts/visits'

const WRITE = 'app.use(captcha)  // above express.static and anything that answers every path'
/** What stands in a script of ours: the name that pages know it by. */
const NAMES: Readonly<Record<string, string>> = {
  'gt.js': 'initGeetest',
  'gt4.js': 'initGeetest4',
  'gt4-offline.js': 'Geetest',
}

/** The scripts that pages load from where the plugin is mounted. */
export const loader: Check = {
  code: 'loader',
  run: ({ visits }) => {
    if (visits === undefined || !isPage(visits.first) || visits.first.status !== 200) return undefined
    const files = visits.scripts.map(({ file }) => file).join(', ')
    const wrong = visits.scripts.map(judge).filter((outcome) => outcome !== undefined)
    return wrong.find(({ level }) => level === 'problem') ?? wrong[0] ?? ok('loader.ok', { files })
  },
}

/** What is wrong with one, if anything. */
function judge({ file, reply }: Script): Outcome | undefined {
  if (!isPage(reply)) return problem('loader.failed', WRITE, { file, reason: reply.failed })
  const { status, headers, body } = reply
  const type = headers['content-type'] ?? ''
  if (status !== 200 || !body.includes(NAMES[file] ?? '')) return problem('loader.other', WRITE, { file, status })
  if (type === '') return problem('loader.untyped', WRITE, { file })
  if (!/^(text|application)\/javascript/.test(type)) return problem('loader.type', WRITE, { file, type })
  return headers['x-content-type-options'] === 'nosniff' ? undefined : warning('loader.sniffed', WRITE, { file })
}
