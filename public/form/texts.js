// All words of the form helper, and which of them a form speaks. `%` stands for what is put in.
import { bare } from '../parts/copy.js'
import { isAtHand, wordsIn } from '../parts/languages.js'
import { readDocument } from '../parts/own.js'

export var CHINESE = {
  lang: '',
  loading: '验证加载中…',
  start: '点击加载验证',
  unsolved: '请先完成验证',
  anew: '验证已更新，请再试一次',
  failed: '验证无法加载',
  blocked: '，可能被网络或扩展拦截',
  policy: '，被本页面的 Content-Security-Policy 拦截（%）',
  slow: '，网络太慢',
  many: '操作过于频繁。',
  wait: '请在 % 秒后重试',
  retry: '重试',
}

/** @type {typeof CHINESE} */
export var ENGLISH = {
  lang: '',
  loading: 'The captcha is loading…',
  start: 'Load the captcha',
  unsolved: 'Please complete the captcha',
  anew: 'Here is a new captcha, please try again',
  failed: 'The captcha cannot load',
  blocked: ', blocked by the network or an extension?',
  policy: ', blocked by this page’s Content-Security-Policy (%)',
  slow: ', the network is slow',
  many: 'Too many at once.',
  wait: 'Try again in % s',
  retry: 'Try again',
}

/** What version 4 calls otherwise than browsers and version 3 do. */
var TAGS = bare({
  zho: 'zh-cn',
  eng: 'en',
  jpn: 'ja',
  ind: 'id',
  kor: 'ko',
  rus: 'ru',
  ara: 'ar',
  spa: 'es',
  fra: 'fr',
  deu: 'de',
  por: 'pt-pt',
  pon: 'pt-br',
  ug: 'udm',
})

/** Languages of both versions' widgets that need no region, and of version 3 alone. */
var BOTH = /^(en|ja|ko|id|ru|ar|es|fr|de|udm)$/
var VERSION_3 = /^(th|tr|vi|ta|it|bn|mr)$/

/** What pages have given, by language in lower case; under the empty name for all. @type {any} */
var given = bare()

/**
 * Words of the page's own, for all forms of the page.
 *
 * @param {{ [name: string]: string }} words by the names of this file; those that are left out stay as they are
 * @param {string} [lang] left out: whatever the language is
 */
export function giveTexts(words, lang) {
  given[(lang || '').toLowerCase()] = bare(words)
}

/**
 * The language of the captcha, as its loader wants it.
 *
 * @param {string} lang as the form, the page or the browser has it
 * @param {string} version
 */
function tagOf(lang, version) {
  var tag = lang.toLowerCase()
  var first = tag.split('-')[0]
  if (first === 'zh' || first === 'zho') {
    return /-(hk|mo)\b/.test(tag) ? 'zh-hk' : /-(tw|hant)\b/.test(tag) ? 'zh-tw' : 'zh-cn'
  }
  if (/^(pon|pt-br)/.test(tag)) return version === '4' ? 'pt-br' : 'pt-pt'
  if (first === 'pt') return 'pt-pt'
  var known = TAGS[first] || first
  return BOTH.test(known) || (version !== '4' && VERSION_3.test(known)) ? known : ''
}

/**
 * The words of a form: its own (`data-text-failed`), those that the page has given, and ours, in its language (`data-lang`), that of the page or
 * of the browser. They are looked up when they are said, so that what comes late is not too late.
 *
 * @param {(name: string) => string} data what the form says
 * @param {string} address of the script with the other languages
 * @param {() => void} changed that script has come
 * @returns {typeof ENGLISH}
 */
export function textsFor(data, address, changed) {
  var texts = /** @type {any} */ ({})
  /** That of the script with the other languages, until it is asked for. */
  var missing = address

  function language() {
    return data('lang') || readDocument('documentElement').lang || navigator.language || 'en'
  }

  /** @param {keyof typeof ENGLISH} name */
  function find(name) {
    var tag = language().toLowerCase()
    var words = given[tag] || given[tag.split('-')[0]]
    var ours = wordsIn(tag, 'form', CHINESE, ENGLISH, missing, changed)
    if (!isAtHand(tag)) missing = ''
    return (
      data('text-' + name) || (words && words[name]) || (given[''] && given[''][name]) || ours[name] || ENGLISH[name]
    )
  }

  Object.keys(ENGLISH).forEach(function (name) {
    Object.defineProperty(texts, name, {
      get: function () {
        if (name === 'lang') return tagOf(language(), data('version')) || data('lang') || 'en'
        return find(/** @type {any} */ (name))
      },
    })
  })
  return texts
}
