// What is done to every contender, in the order of the table.
import captcha from './captcha.mjs'
import guard from './guard.mjs'
import issue from './issue.mjs'
import junk from './junk.mjs'
import outage from './outage.mjs'
import tickets from './tickets.mjs'
import v4 from './v4.mjs'
import validate from './validate.mjs'

/**
 * name: for `--cases`; title: for the table; `act`: one operation of one visitor, which fails where the answer is wrong;
 * `prepare`: what an operation needs, made before the clock starts, `stock` times; `operations`, or `seconds` with a `pause` between
 * two of one visitor; `times`: how often in a round, more than once for what is promised within a tenth; `ignore`: so many ms at the
 * beginning are not counted; `cloud`: its delay in ms, `hang` or `refuse`; `only`: for these contenders, by default all of version 3;
 * `weigh`: what the stock adds to the heap.
 */
const VERSION_3 = ['express-geetest', 'express-geetest-redis', 'bare', 'axios', 'gt3-sdk', 'geetest']
const DEFAULTS = { connections: 16, operations: 4000, warmUp: 2000, cloud: 0, times: 1, only: VERSION_3 }

export const cases = [captcha, issue, validate, guard, junk, outage, tickets, v4]
  .flat()
  .map((one) => Object.assign({}, DEFAULTS, one))
