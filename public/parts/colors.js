// Colours, corners and font of all that we draw. Pages set them by CSS variables, `--geetest-accent` and so on; where they do not, the colours
// are the system's own (`Canvas`, `CanvasText`), which are dark where the page itself says so (`color-scheme`), and nowhere else.

/** @type {any} a worker has none, and nor have old browsers */
var css = /** @type {any} */ (self).CSS
/** Asked, and not written twice: a browser that knows variables would find out only later that it does not know what is in them. */
var modern = css && css.supports('color', 'color-mix(in srgb,Canvas,red)')

/** For old browsers, and a mixture for all others. Each text keeps a contrast of 4.5 to 1 on its background, in light and in dark. */
var COLORS = /** @type {{ [name: string]: [string, string] }} */ ({
  background: ['#fff', 'Canvas,Canvas'],
  text: ['#1d2939', 'CanvasText,CanvasText'],
  soft: ['#475467', 'CanvasText 72%,Canvas'],
  border: ['#c3cad6', 'CanvasText 28%,Canvas'],
  accent: ['#2f6fed', '#2f6fed 80%,CanvasText'],
  success: ['#11803e', '#16a34a 72%,CanvasText'],
  error: ['#c4320a', '#e2501f 72%,CanvasText'],
})

/**
 * What the page says by a variable, or what it is otherwise.
 *
 * @param {string} name
 * @param {string} value
 */
export function variable(name, value) {
  return modern ? 'var(--geetest-' + name + ',' + value + ')' : value
}

/**
 * @param {string} name
 * @returns {string} a colour, as CSS writes it
 */
export function color(name) {
  return variable(name, modern ? 'color-mix(in srgb,' + COLORS[name][1] + ')' : COLORS[name][0])
}

/**
 * A thin mixture of a colour into the background.
 *
 * @param {string} name
 * @param {string} plain for old browsers
 */
export function tint(name, plain) {
  return modern ? 'color-mix(in srgb,' + color(name) + ' 18%,' + color('background') + ')' : plain
}

/** What a card or a bar looks like: its frame and its font. */
export function frame() {
  return (
    ';border:1px solid ' +
    color('border') +
    ';border-radius:' +
    variable('radius', '8px') +
    ';background:' +
    color('background') +
    ';color:' +
    color('text') +
    font()
  )
}

export function font() {
  return ';font:14px/1.5 ' + variable('font', 'system-ui,sans-serif')
}
