/**
 * What differs between the vendor's widgets by version. All traps that are not named here are in each of them.
 *
 * @typedef {object} Version
 * @property {boolean} onFail version 3: whether pages hear of a try that failed
 * @property {boolean} failCount version 4: whether `onFail` is told how many tries have failed
 */

/** @type {{ [name: string]: Version }} */
var VERSIONS = {
  'fullpage-9.0.9': { onFail: false, failCount: false },
  'fullpage-9.1.0': { onFail: true, failCount: false },
  'gcaptcha4-2022': { onFail: true, failCount: false },
  'gcaptcha4-2024': { onFail: true, failCount: true },
}

/**
 * The version that this script is: the simulator says so around it.
 *
 * @param {string} otherwise where nobody says anything
 * @returns {Version}
 */
export function thisVersion(otherwise) {
  return VERSIONS[typeof SIMULATED_WIDGET === 'string' ? SIMULATED_WIDGET : otherwise]
}
