// Version 4: the one call by hand over node:http.
import { byHand4 } from '../by-hand.mjs'
import { call } from './bare.mjs'

export const open = (site) => byHand4(site, call)
