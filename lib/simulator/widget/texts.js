import { isChinese } from '../../../public/parts/errors.js'

var CHINESE = {
  name: '拼图验证',
  mark: '模拟器',
  honest: '模拟器 · 非真实验证',
  hint: '拖动滑块，完成拼图',
  slider: '拼图滑块。方向键移动，按住 Shift 加速，回车确认',
  busy: '加载中…',
  judging: '验证中…',
  fail: '没有对齐，请再试一次',
  expired: '已超时，换了一张新拼图',
  success: '验证成功，用时 SECONDS 秒',
  refresh: '换一张',
  close: '关闭',
  retry: '重试',
  fits: '已对准缺口，按回车确认',
  right: '缺口在右边 PIXELS 像素',
  left: '缺口在左边 PIXELS 像素',
  network: '网络错误，请重试',
}

/** @type {typeof CHINESE} */
var ENGLISH = {
  name: 'Puzzle captcha',
  mark: 'Simulator',
  honest: 'Simulator · not a real captcha',
  hint: 'Drag the slider to fit the piece',
  slider: 'Puzzle slider. Arrow keys move, Shift moves faster, Enter confirms',
  busy: 'Loading…',
  judging: 'Checking…',
  fail: 'Not quite, please try again',
  expired: 'Timed out, here is a new puzzle',
  success: 'Verified in SECONDS s',
  refresh: 'New puzzle',
  close: 'Close',
  retry: 'Try again',
  fits: 'The piece fits, press Enter to confirm',
  right: 'The gap is PIXELS pixels to the right',
  left: 'The gap is PIXELS pixels to the left',
  network: 'Network failure, try again',
}

/** The cloud's refusals, by the NN of "error_NN" or by the code of version 4: Chinese, English. */
var REFUSALS = /** @type {{ [number: string]: [string, string] }} */ ({
  '01': ['刷新次数过多，请稍后再试', 'Too many new puzzles, please try later'],
  '02': ['这次验证已经用过，请重试', 'This check is used up, please try again'],
  12: ['尝试次数过多，请重试', 'Too many tries, please start again'],
  21: ['验证已过期，请刷新页面', 'The check has expired, please reload the page'],
  22: ['验证已过期，请刷新页面', 'The check has expired, please reload the page'],
  23: ['验证已过期，请刷新页面', 'The check has expired, please reload the page'],
  31: ['配置错误：没有这个验证 ID', 'Configuration error: no such captcha id'],
  '-50103': ['配置错误：没有这个验证 ID', 'Configuration error: no such captcha id'],
  '-50305': ['验证已过期，请重试', 'The check has expired, please try again'],
  '-50308': ['尝试次数过多，请重试', 'Too many tries, please start again'],
})

/** @param {string} [lang] */
export function textsFor(lang) {
  return isChinese(lang) ? CHINESE : ENGLISH
}

/**
 * @param {string | undefined} lang
 * @param {string} number
 * @returns {string} words for people
 */
export function refusal(lang, number) {
  var pair = REFUSALS[number]
  return pair ? pair[isChinese(lang) ? 0 : 1] : textsFor(lang).network
}
