// The same by hand over axios as it comes.
import { byHand } from '../by-hand.mjs'
import { DEADLINE, requirePeer } from '../site.mjs'

const axios = requirePeer('axios')

export async function call(method, url, data) {
  return (await axios.request({ method, url, data, timeout: DEADLINE })).data
}

export const open = (site) => byHand(site, call)
