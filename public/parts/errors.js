/** @import { GeetestErrorObject } from '../gt' */

/**
 * Chinese for "zh-cn", "zh-tw", "zh-hk" and for pages that name no language; English for all others.
 *
 * @param {string} [lang]
 */
export function isChinese(lang) {
  return !lang || /^zh/i.test(lang)
}

/** What the page did wrong, as against what the network did. */
var CONFIGURATION = /10[0-3]|11[0246]/

/**
 * The vendor's error object.
 *
 * @param {string | undefined} lang
 * @param {string} number the NN of "error_NN"
 * @param {string} msg for developers
 * @param {string} [text] for people; without it a general one in their language
 * @returns {GeetestErrorObject}
 */
export function makeError(lang, number, msg, text) {
  var ours = CONFIGURATION.test(number)
  if (!text) {
    if (isChinese(lang)) text = ours ? '配置错误' : '网络错误，请重试'
    else text = ours ? 'Configuration error' : 'Network failure, please try again'
  }
  var code = 'error_' + number
  return { code: code, error_code: code, msg: msg, user_error: text }
}
