// Commands as a person types them, with the package that was packed a moment ago in the place of the published one.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export const typed = () =>
  readFileSync(process.env.BLOCK, 'utf8').replace(/\binstall express-geetest\b/, `install ${process.env.TARBALL}`)

/** Runs them; `until` a line has been printed, or to their end, which must be a good one. Gives what was printed. */
export function shell(commands, { cwd = process.cwd(), env = {}, until } = {}) {
  const child = spawn('sh', ['-ec', commands], { cwd, env: { ...process.env, ...env }, detached: true })
  let printed = ''
  return new Promise((resolve, reject) => {
    function read(text) {
      printed += text
      if (until?.test(printed)) {
        process.kill(-Number(child.pid))
        resolve(printed)
      }
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`${commands}: ${code}\n${printed}`)),
    )
  })
}
