import { on } from '../parts/dom.js'
import { trust } from '../parts/own.js'
import { createWork } from './work.js'

/** Of eight cores of a phone four are slow, and the page and the visitor want some, too. */
var MOST_WORKERS = 4
/** The main thread works for so long, then lets the page breathe. Milliseconds. */
var SLICE = 12
/** A worker works for so long, then asks what is still to be done. Milliseconds. */
var TURN = 30
/** Workers that have all said nothing for so long hang somewhere on their way. Milliseconds. */
var PATIENCE = 5000

/** The worker's side. A message is a challenge, the worker's number, and a puzzle; the answer is a nonce, or empty: not yet. */
export function serve() {
  /** @type {ReturnType<typeof createWork>} */
  var search
  on(self, 'message', function (event) {
    search = search || createWork(event.data[0], event.data[1])
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker knows whom it answers
    self.postMessage(search(event.data[2], Date.now() + TURN))
  })
}

/**
 * Solves the puzzles of a challenge in workers, one a core; on the main thread where there are no workers, or none from
 * here.
 *
 * @param {string} challenge
 * @param {number} count
 * @param {string} script the address of the worker; empty: the work is done on the main thread
 * @param {(solved: number) => void} progress called for each puzzle but the last
 * @param {(nonces: string[]) => void} done
 * @returns {() => void} stops
 */
export function solve(challenge, count, script, progress, done) {
  /** @type {string[]} by puzzle */
  var nonces = []
  var solved = 0
  /** @type {Worker[]} */
  var workers = []
  var alive = 0
  /** @type {number} */
  var timer

  function stop() {
    clearTimeout(timer)
    workers.forEach(function (worker) {
      worker.terminate()
    })
  }

  /** Any unsolved puzzle: two at the same one rarely meet before the last ones, and there whoever is lucky first ends the work. */
  function choose() {
    var puzzle
    do puzzle = Math.floor(Math.random() * count)
    while (nonces[puzzle])
    return puzzle
  }

  /**
   * @param {number} puzzle
   * @param {string} nonce empty: not found yet
   */
  function take(puzzle, nonce) {
    if (!nonce || nonces[puzzle]) return
    nonces[puzzle] = nonce
    if (++solved < count) return progress(solved)
    stop()
    done(nonces)
  }

  function watch() {
    clearTimeout(timer)
    timer = setTimeout(workHere, PATIENCE)
  }

  function workHere() {
    stop()
    var search = createWork(challenge, MOST_WORKERS)

    function slice() {
      var end = Date.now() + SLICE
      timer = setTimeout(slice, 0)
      do {
        var puzzle = choose()
        take(puzzle, search(puzzle, end))
      } while (solved < count && Date.now() < end)
    }
    slice()
  }

  /** @param {number} number */
  function hire(number) {
    var worker = new Worker(trust(script))
    /** @type {number} */
    var puzzle

    function give() {
      puzzle = choose()
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin but the page's
      worker.postMessage([challenge, number, puzzle])
    }

    workers.push(worker)
    on(worker, 'error', function () {
      if (!--alive) workHere()
    })
    on(worker, 'message', function (event) {
      watch()
      take(puzzle, event.data)
      if (solved < count) give()
    })
    give()
    alive++
  }

  try {
    if (!script) throw script
    var wanted = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS)
    while (alive < wanted) hire(alive)
    // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
  } catch (noWorker) {}
  if (alive) watch()
  else workHere()
  return stop
}
