// One language a file would be fifteen requests for a designer's eye and none for a visitor: all stand together, in three files by script.
/** @import { ENGLISH } from '../form/texts.js' */
/** @import { ENGLISH as OFFLINE } from '../offline/texts.js' */
import { EAST } from './east.js'
import { RIGHT_TO_LEFT } from './right-to-left.js'
import { WEST } from './west.js'

/** @typedef {{ [code: string]: { form: typeof ENGLISH, offline: typeof OFFLINE } }} Languages */

/** @type {Languages} */
export var WORDS = {}
;[EAST, WEST, RIGHT_TO_LEFT].forEach(function (languages) {
  Object.keys(languages).forEach(function (code) {
    WORDS[code] = languages[code]
  })
})
