// Version 4: the one call by hand over axios as it comes.
import { byHand4 } from '../by-hand.mjs'
import { call } from './axios.mjs'

export const open = (site) => byHand4(site, call)
