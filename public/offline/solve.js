import { on } from '../parts/dom.js'
import { createWork } from './work.js'

/** The main thread works for so long, then lets the page breathe. Milliseconds. */
var SLICE = 12
/** A worker that has said nothing by then hangs somewhere on its way. Milliseconds. */
var PATIENCE = 5000

/** The worker's side: one message says what to do, each answer is a nonce. */
export function serve() {
  on(self, 'message', function (event) {
    var search = createWork(event.data[0])
    for (var i = 0; i < event.data[1]; i++) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker knows whom it answers
      self.postMessage(search(i, Infinity))
    }
  })
}

/**
 * Solves the puzzles of a challenge in a worker; on the main thread where there are no workers, or none from here.
 *
 * @param {string} challenge
 * @param {number} count
 * @param {string} script the address of the worker; empty: the work is done on the main thread
 * @param {(nonces: string[]) => void} found called for each puzzle, with all that are solved by then
 * @returns {() => void} stops
 */
export function solve(challenge, count, script, found) {
  /** @type {string[]} */
  var nonces = []
  /** @type {Worker | undefined} */
  var worker
  /** @type {number} */
  var timer

  /** @param {string} nonce */
  function take(nonce) {
    nonces.push(nonce)
    found(nonces)
  }

  function stop() {
    clearTimeout(timer)
    if (worker) worker.terminate()
  }

  function workHere() {
    stop()
    var search = createWork(challenge)

    function slice() {
      var end = Date.now() + SLICE
      /** @type {string | undefined} */
      var nonce
      timer = setTimeout(slice, 0)
      while (nonces.length < count && (nonce = search(nonces.length, end))) take(nonce)
    }
    slice()
  }

  try {
    if (!script) throw script
    worker = new Worker(script)
    on(worker, 'error', workHere)
    on(worker, 'message', function (event) {
      clearTimeout(timer)
      take(event.data)
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin but the page's
    worker.postMessage([challenge, count])
    timer = setTimeout(workHere, PATIENCE)
    // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
  } catch (noWorker) {
    workHere()
  }
  return stop
}
