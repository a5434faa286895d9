/** @import { textsFor } from './texts.js' */
import { color, tint } from '../../../public/parts/colors.js'
import { add, on, remove } from '../../../public/parts/dom.js'
import { setIcon } from './icons.js'

/** @typedef {'plain' | 'busy' | 'success' | 'fail' | 'error'} Mood */

/** Text, track and handle by mood. All texts keep a contrast of 4.5 to 1, in light and in dark. */
var COLORS = {
  plain: { text: color('text'), track: tint('accent', '#dbe7ff'), handle: color('accent') },
  busy: { text: color('soft'), track: tint('soft', '#e4e7ec'), handle: color('soft') },
  success: { text: color('success'), track: tint('success', '#c9f0d8'), handle: color('success') },
  fail: { text: color('error'), track: tint('error', '#fde3d8'), handle: color('error') },
  error: { text: color('error'), track: tint('soft', '#e4e7ec'), handle: color('soft') },
}
var SIGNS = /** @type {const} */ ({ plain: 'arrow', busy: 'arrow', success: 'check', fail: 'cross', error: 'cross' })
var MOODS = Object.keys(COLORS)

/**
 * @param {HTMLElement} parent
 * @param {string} className
 * @param {'refresh' | 'close'} icon
 * @param {string} label
 * @param {() => void} onClick
 */
function addTool(parent, className, icon, label, onClick) {
  var button = add(
    parent,
    'button',
    className,
    'display:block;width:32px;height:32px;margin:0 0 0 4px;padding:6px;border:0;border-radius:6px;background:none;' +
      'color:' +
      color('soft') +
      ';cursor:pointer;box-shadow:none;min-width:0',
  )
  button.type = 'button'
  button.title = label
  button.setAttribute('aria-label', label)
  on(button, 'mouseenter', function () {
    button.style.background = tint('soft', '#eef1f6')
  })
  on(button, 'mouseleave', function () {
    button.style.background = 'none'
  })
  on(button, 'click', onClick)
  setIcon(button, icon)
  return button
}

/**
 * What stands in the panel: a line that says what goes on (a live region), the picture, the slider, the tools.
 *
 * @param {HTMLElement} panel
 * @param {ReturnType<typeof textsFor>} texts
 * @param {{ refresh: () => void, close: () => void, retry: () => void }} hooks
 */
export function createView(panel, texts, hooks) {
  var line = add(panel, 'div', 'geetest_result', 'min-height:21px;margin:0 0 10px;font-size:15px;font-weight:600')
  line.setAttribute('role', 'status')
  line.setAttribute('aria-live', 'polite')
  var stage = add(
    panel,
    'div',
    'geetest_window',
    'position:relative;overflow:hidden;border-radius:8px;background:#1b2740',
  )
  var picture = add(stage, 'div', 'geetest_canvas', 'min-height:160px')
  var cover = add(
    stage,
    'div',
    'geetest_loading',
    'display:flex;align-items:center;justify-content:center;position:absolute;top:0;right:0;bottom:0;left:0;' +
      'background:rgba(16,24,40,.72);color:#fff;font-size:14px',
  )
  var slider = add(
    panel,
    'div',
    'geetest_slider',
    // An edge that is to be seen in forced colours alone.
    'position:relative;height:44px;margin:12px 0 10px;border-radius:22px;overflow:visible;outline:1px solid transparent;background:' +
      tint('soft', '#eef1f6'),
  )
  var track = add(
    slider,
    'div',
    'geetest_slider_track',
    'position:absolute;top:0;left:0;height:44px;border-radius:22px',
  )
  var handle = add(
    slider,
    'div',
    'geetest_slider_button',
    'position:absolute;top:0;left:0;box-sizing:border-box;width:44px;height:44px;padding:11px;border:1px solid transparent;border-radius:22px;' +
      'touch-action:none;-webkit-user-select:none;user-select:none;box-shadow:0 1px 4px rgba(16,24,40,.35);color:' +
      color('background'),
  )
  handle.setAttribute('role', 'slider')
  handle.tabIndex = 0
  handle.setAttribute('aria-label', texts.slider)
  var foot = add(panel, 'div', 'geetest_panel_footer', 'display:flex;align-items:center')
  add(
    foot,
    'span',
    'geetest_simulator',
    'padding:3px 8px;border-radius:6px;font-size:12px;white-space:nowrap;color:' +
      color('soft') +
      ';background:' +
      tint('soft', '#eef1f6'),
    texts.honest,
  )
  add(foot, 'span', '', 'flex:1')
  var refresh = addTool(foot, 'geetest_refresh', 'refresh', texts.refresh, hooks.refresh)
  var close = addTool(foot, 'geetest_close', 'close', texts.close, hooks.close)
  var retry = add(
    null,
    'button',
    'geetest_retry',
    'padding:8px 20px;border:1px solid transparent;border-radius:8px;background:#fff;color:#1d2939;font:inherit;font-weight:600;cursor:pointer',
    texts.retry,
  )
  retry.type = 'button'
  on(retry, 'click', hooks.retry)

  return {
    picture: picture,
    slider: slider,
    handle: handle,
    refresh: refresh,
    close: close,
    retry: retry,

    /**
     * @param {Mood} mood
     * @param {string} text
     * @param {string} [coverText] laid over the picture
     */
    say: function (mood, text, coverText) {
      var colors = COLORS[mood]
      panel.className = 'geetest_panel' + (MOODS.indexOf(mood) > 0 ? ' geetest_panel_' + mood : '')
      line.textContent = text
      line.style.color = colors.text
      track.style.background = colors.track
      handle.style.background = colors.handle
      handle.style.cursor = mood === 'plain' || mood === 'fail' ? 'grab' : 'default'
      handle.setAttribute('aria-disabled', String(mood !== 'plain' && mood !== 'fail'))
      setIcon(handle, SIGNS[mood])
      cover.style.display = coverText || mood === 'error' ? 'flex' : 'none'
      cover.textContent = coverText || ''
      if (mood === 'error') cover.appendChild(retry)
      else remove(retry)
    },

    /** @param {number} pixels from the left end */
    slide: function (pixels) {
      handle.style.left = pixels + 'px'
      track.style.width = pixels + 44 + 'px'
    },
  }
}
