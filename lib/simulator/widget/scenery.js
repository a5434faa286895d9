import { addSvg } from './svg.js'

/** Sky above, sky at the horizon, far ridge, near ridge, moon. */
var PALETTES = [
  ['#0b1b3a', '#3d5a98', '#2a4174', '#0a142b', '#fdf3d0'],
  ['#1d1238', '#8a4a7d', '#4c2a5e', '#150c26', '#ffd9b8'],
  ['#06232c', '#2f7f7a', '#1b5157', '#041519', '#e6fff2'],
  ['#2a1524', '#c4694f', '#74394a', '#1a0d17', '#ffe9c2'],
]

/**
 * Numbers from 0 to 1 that depend on the seed alone (Park and Miller).
 *
 * @param {number} seed
 */
function numbers(seed) {
  var state = (Math.abs(Math.floor(seed)) % 2147483646) + 1
  return function () {
    state = (state * 16807) % 2147483647
    return state / 2147483647
  }
}

/**
 * The outline of a mountain range, closed at the bottom of the picture.
 *
 * @param {() => number} next
 * @param {number} width
 * @param {number} height
 * @param {number} base height of the valley floor
 * @param {number} rise
 */
function ridge(next, width, height, base, rise) {
  var path = 'M0 ' + height
  var steps = 13
  var phase = next() * 6
  for (var i = 0; i <= steps; i++) {
    var wave = 0.5 + 0.3 * Math.sin(phase + i * 0.9) + 0.2 * next()
    path += 'L' + Math.round((i * width) / steps) + ' ' + (base - rise * wave).toFixed(1)
  }
  return path + 'L' + width + ' ' + height + 'Z'
}

/**
 * @param {Element} parent
 * @param {() => number} next
 * @param {number} width
 * @param {number} height
 * @param {string} color
 */
function addStars(parent, next, width, height, color) {
  for (var i = 0; i < 46; i++) {
    addSvg(parent, 'circle', {
      cx: (next() * width).toFixed(1),
      cy: (next() * height * 0.6).toFixed(1),
      r: (0.3 + next() * 0.8).toFixed(2),
      fill: color,
      opacity: (0.3 + next() * 0.7).toFixed(2),
    })
  }
}

/**
 * @param {Element} parent
 * @param {() => number} next
 * @param {number} width
 * @param {number} height
 * @param {string} color
 */
function addTrees(parent, next, width, height, color) {
  var path = ''
  for (var x = -6; x < width + 6; x += 5 + next() * 11) {
    var tall = 12 + next() * 22
    var half = 3 + tall / 7
    var left = x.toFixed(1)
    path += 'M' + left + ' ' + height + 'l' + half.toFixed(1) + ' ' + (-tall).toFixed(1)
    path += 'l' + half.toFixed(1) + ' ' + tall.toFixed(1) + 'z'
  }
  addSvg(parent, 'path', { d: path, fill: color })
}

/**
 * A gradient from top to bottom.
 *
 * @param {Element} parent
 * @param {string} id
 * @param {string} top
 * @param {string} bottom
 */
function addGradient(parent, id, top, bottom) {
  var gradient = addSvg(parent, 'linearGradient', { id: id, x1: 0, y1: 0, x2: 0, y2: 1 })
  addSvg(gradient, 'stop', { offset: 0, 'stop-color': top })
  addSvg(gradient, 'stop', { offset: 1, 'stop-color': bottom })
}

/**
 * Draws a landscape at night: the same one for the same seed.
 *
 * @param {Element} parent
 * @param {number} seed
 * @param {number} width
 * @param {number} height
 * @param {string} id unique in the document, for the gradients
 */
export function drawScenery(parent, seed, width, height, id) {
  var next = numbers(seed)
  next()
  var palette = PALETTES[Math.floor(next() * PALETTES.length)]
  addGradient(parent, id + 'sky', palette[0], palette[1])
  addGradient(parent, id + 'far', palette[2], palette[1])
  addSvg(parent, 'rect', { width: width, height: height, fill: 'url(#' + id + 'sky)' })
  addStars(parent, next, width, height, palette[4])
  var moon = { cx: Math.round(width * (0.15 + next() * 0.7)), cy: Math.round(height * (0.15 + next() * 0.2)) }
  addSvg(parent, 'circle', { cx: moon.cx, cy: moon.cy, r: 34, fill: palette[4], opacity: 0.08 })
  addSvg(parent, 'circle', { cx: moon.cx, cy: moon.cy, r: 24, fill: palette[4], opacity: 0.12 })
  addSvg(parent, 'circle', { cx: moon.cx, cy: moon.cy, r: 15, fill: palette[4] })
  var far = ridge(next, width, height, height * 0.78, height * 0.36)
  addSvg(parent, 'path', { d: far, fill: 'url(#' + id + 'far)' })
  var middle = ridge(next, width, height, height * 0.88, height * 0.26)
  addSvg(parent, 'path', { d: middle, fill: palette[2], opacity: 0.9 })
  addSvg(parent, 'path', { d: ridge(next, width, height, height * 0.98, height * 0.16), fill: palette[3] })
  addTrees(parent, next, width, height, palette[3])
}
