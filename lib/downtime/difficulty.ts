/** Many small puzzles instead of one large: little variance, and progress that is honest. */
export const PUZZLES = 32

/**
 * 2^20 hashes in all for whoever asks for no more than a fair share. A slow phone sets the measure, at a sixth to an eighth of what a desktop's core
 * does, some half a million a second: half a second with four workers, two with one, and within six where the page must do it by itself.
 * `npm run bench:solve` says what a browser does here. A bot's own code needs some twenty milliseconds for it, so that
 * numbers are limited beside it (`lib/fairness`).
 */
export const BASE_HASHES = 2 ** 15
