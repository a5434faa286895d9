/** Many small puzzles instead of one large: little variance, and progress that is honest. */
export const PUZZLES = 32

/**
 * 2^19 hashes in all for whoever asks for no more than a fair share: about a fifth of a second on a desktop, and within two seconds on a slow
 * phone. That phone sets the measure: `npm run bench:solve` says what a browser does, and what it leaves of the two seconds may be
 * asked for. A bot's own code needs some ten milliseconds for it whatever this says, so that numbers are limited beside it (`lib/fairness`).
 */
export const BASE_HASHES = 2 ** 14
