/** @import { GeetestErrorObject } from '../gt' */

/**
 * Chinese for "zh-cn", "zh-tw", "zh-hk" and for pages that name no language; English for all others.
 *
 * @param {string} [lang]
 */
export function isChinese(lang) {
  return !lang || /^zh/i.test(lang)
}

/**
 * The vendor's error object.
 *
 * @param {string | undefined} lang
 * @param {string} number the NN of "error_NN"
 * @param {string} msg for developers
 * @param {string} [text] for people; without it they are told that the page is made wrongly
 * @returns {GeetestErrorObject}
 */
export function makeError(lang, number, msg, text) {
  if (!text) text = isChinese(lang) ? '配置错误' : 'Configuration error'
  var code = 'error_' + number
  return { code: code, error_code: code, msg: msg, user_error: text }
}
