import { addSvg } from './svg.js'

/** Drawn in a square of 24, as strokes. */
var ICONS = {
  refresh: 'M20 12a8 8 0 1 1-2.3-5.7M20 3v5h-5',
  close: 'M6 6l12 12M18 6L6 18',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M7 7l10 10M17 7L7 17',
}

/**
 * @param {HTMLElement} parent what it held before goes
 * @param {keyof typeof ICONS} name
 */
export function setIcon(parent, name) {
  parent.textContent = ''
  var svg = addSvg(parent, 'svg', {
    viewBox: '0 0 24 24',
    width: 20,
    height: 20,
    'aria-hidden': 'true',
    focusable: 'false',
  })
  svg.style.display = 'block'
  // Never what is pressed: a press that puts another icon here would have been somewhere outside of everything, where no pointer event comes first.
  svg.style.pointerEvents = 'none'
  addSvg(svg, 'path', {
    d: ICONS[name],
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 2,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  })
}
