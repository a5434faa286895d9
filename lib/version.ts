/**
 * The version in package.json: sent upstream as `sdk`, and what `?v=` in a script's address is compared with. Required, and not read from
 * a path, so that whoever bundles a server has it in the bundle.
 */
export const { version } = require('../package.json') as { readonly version: string }
