// Words in the languages of the vendor's version 4 widget beside English and simplified Chinese, for the form helper and the captcha of an
// outage. Loaded by either where a page needs them: most never do.
import { bare } from './parts/copy.js'
import { WORDS } from './words/index.js'

/** Tags that browsers and version 3 write otherwise. */
var CODES = bare({
  ja: 'jpn',
  id: 'ind',
  in: 'ind',
  ko: 'kor',
  ru: 'rus',
  ar: 'ara',
  es: 'spa',
  fr: 'fra',
  de: 'deu',
  pt: 'por',
  ug: 'udm',
})

/**
 * @param {string} lang
 * @param {'form' | 'offline'} part
 * @returns {any} undefined where there is none
 */
function geetestWords(lang, part) {
  var tag = lang.toLowerCase().replace(/_/g, '-')
  var first = tag.split('-')[0]
  var code = CODES[first] || first
  if (first.slice(0, 2) === 'zh') code = /-(hk|mo)\b/.test(tag) ? 'zho-hk' : 'zho-tw'
  if (tag.slice(0, 5) === 'pt-br') code = 'pon'
  var found = bare(WORDS)[code]
  return found && found[part]
}

;/** @type {any} */ (window).geetestWords = geetestWords
