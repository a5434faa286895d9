/** @import { Puzzle } from './cloud.js' */
import { drawScenery } from './scenery.js'
import { addSvg } from './svg.js'

/** The piece in a square of 44: a tab at the top and at the right, a notch at the left. */
var PIECE = 'M0 12H11a6.5 6.5 0 1 1 11 0H33V23a6.5 6.5 0 1 1 0 11V44H0V34a6.5 6.5 0 1 0 0-11Z'

var count = 0

/**
 * Draws a puzzle into the box, in place of the one before.
 *
 * @param {HTMLElement} box
 * @param {Puzzle} puzzle
 * @returns {{ move: (x: number) => void, close: () => void }} `close` lets the gap disappear under the fitting piece
 */
export function drawPuzzle(box, puzzle) {
  var id = 'geetest_sim_' + ++count
  var view = '0 0 ' + puzzle.width + ' ' + puzzle.height
  box.textContent = ''
  var svg = addSvg(box, 'svg', { viewBox: view, width: '100%', 'aria-hidden': 'true', focusable: 'false' })
  svg.style.display = 'block'
  var place = 'translate(' + puzzle.gap + ',' + puzzle.ypos + ') scale(' + puzzle.size / 44 + ')'
  drawScenery(addSvg(svg, 'g', {}), puzzle.picture, puzzle.width, puzzle.height, id + 'a')
  var gap = addSvg(svg, 'path', {
    d: PIECE,
    transform: place,
    fill: '#000',
    'fill-opacity': 0.5,
    stroke: '#fff',
    'stroke-opacity': 0.75,
  })
  addSvg(addSvg(svg, 'clipPath', { id: id }), 'path', { d: PIECE, transform: place })
  var piece = addSvg(svg, 'g', { class: 'geetest_canvas_slice' })
  addSvg(piece, 'path', {
    d: PIECE,
    transform: place,
    fill: 'none',
    stroke: '#000',
    'stroke-opacity': 0.4,
    'stroke-width': 5,
  })
  drawScenery(
    addSvg(piece, 'g', { 'clip-path': 'url(#' + id + ')' }),
    puzzle.picture,
    puzzle.width,
    puzzle.height,
    id + 'b',
  )
  addSvg(piece, 'path', {
    d: PIECE,
    transform: place,
    fill: '#fff',
    'fill-opacity': 0.12,
    stroke: '#fff',
    'stroke-width': 1.5,
  })

  return {
    move: function (x) {
      piece.setAttribute('transform', 'translate(' + (x - puzzle.gap) + ',0)')
    },
    close: function () {
      gap.style.display = 'none'
    },
  }
}
