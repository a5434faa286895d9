// The block says which port its app listens on. Here it gets whichever is free.
import { Server } from 'node:net'

const listen = Object.getOwnPropertyDescriptor(Server.prototype, 'listen').value

/** From here on; gives the address of the next server that listens. */
export function anyPort() {
  return new Promise((resolve) => {
    Server.prototype.listen = function (_port, ...more) {
      Server.prototype.listen = listen
      this.once('listening', () => resolve(`http://127.0.0.1:${this.address().port}`))
      return listen.call(this, 0, ...more)
    }
  })
}
