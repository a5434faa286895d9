// A process of its own that answers one question at a time.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starts `file` of this folder; `ready` is the first thing that it says. */
export async function start(file, args = [], execArgv = []) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv })
  const of = `${file} ${args.join(' ')}`
  const answer = async () => {
    const gone = new AbortController()
    try {
      const [message] = await Promise.race([
        once(child, 'message', gone),
        once(child, 'exit', gone).then(([code]) => Promise.reject(new Error(`${of} ended with ${code}`))),
      ])
      if (message.error) throw new Error(`${of}: ${message.error}`)
      return message
    } finally {
      gone.abort()
    }
  }
  const ready = await answer()
  return {
    ready,
    ask(question) {
      const answered = answer()
      child.send(question)
      return answered
    },
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** The other end: says `ready`, answers every question, and ends when nobody is left to ask. */
export function serve(ready, answer) {
  process.on('message', (question) => {
    Promise.resolve(question)
      .then(answer)
      .then(
        (message) => process.send(message),
        (error) => process.send({ error: String(error?.stack ?? error) }),
      )
  })
  process.once('disconnect', () => process.exit(0))
  process.send(ready)
}
