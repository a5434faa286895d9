import { isChinese } from './errors.js'
import { createElement, globalFunction, insertScript } from './own.js'

/**
 * Simplified Chinese, English, and none.
 *
 * @param {string} lang
 */
export function isAtHand(lang) {
  return /^(zh(o|-cn|-sg|-hans.*)?|en.*)?$/i.test(lang)
}

/**
 * Words in a language: two are at hand, all others come in a script of their own, `gt-words.js`, once a page needs them.
 *
 * @template Words
 * @param {string} lang as pages write it: "fr", "pt-BR", or as the vendor's version 4 does
 * @param {'form' | 'offline'} part
 * @param {Words} chinese
 * @param {Words} english
 * @param {string} address of that script; empty: it is not asked for
 * @param {() => void} changed called when they have come
 * @returns {Words} those for now
 */
export function wordsIn(lang, part, chinese, english, address, changed) {
  var find = globalFunction('geetestWords')
  var words = isChinese(lang) ? chinese : english
  if (isAtHand(lang)) return words
  if (find) return find(lang, part) || words
  if (address) {
    var script = createElement('script')
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    script.onload = changed
    insertScript(script, address, changed)
  }
  return words
}
