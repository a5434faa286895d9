// The block says which port its app listens on. Here it gets whichever is free.
import { once } from 'node:events'
import { Server } from 'node:net'

const { listen } = Server.prototype
const listening = Promise.withResolvers?.() ?? deferred()

function deferred() {
  const made = {}
  made.promise = new Promise((resolve) => Object.assign(made, { resolve }))
  return made
}

/** From here on; gives the address of the next server that listens. */
export function anyPort() {
  Server.prototype.listen = function (_port, ...more) {
    Server.prototype.listen = listen
    once(this, 'listening').then(() => listening.resolve(`http://127.0.0.1:${this.address().port}`))
    return listen.call(this, 0, ...more)
  }
  return listening.promise
}
