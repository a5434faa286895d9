import { createRequire } from 'node:module'
import { join } from 'node:path'
import { peerDependencies } from '../../package'

export interface Peer {
  readonly name: string
  /** Which versions do. */
  readonly range: string
  /** What is installed where the site is. */
  readonly version: string | undefined
  readonly fits: boolean
}

const PEERS = ['express', 'express-session'] as const

export function lookAtPeers(folder: string): Peer[] {
  const requireThere = createRequire(join(folder, 'package.json'))
  return PEERS.map((name) => {
    const range = peerDependencies[name] as string
    const version = versionOf(name, requireThere)
    return { name, range, version, fits: version !== undefined && satisfies(version, range) }
  })
}

function versionOf(name: string, requireThere: NodeJS.Require): string | undefined {
  try {
    return (requireThere(`${name}/package.json`) as { version: string }).version
  } catch {
    return undefined
  }
}

/** Whether a version lies in a range of the forms that stand in package.json: `^4.18 || ^5` and `>=20.12`. */
export function satisfies(version: string, range: string): boolean {
  const [major, minor] = numbers(version)
  return range.split('||').some((part) => {
    const [least, leastMinor] = numbers(part)
    const same = major === least && minor >= leastMinor
    return same || (part.includes('>=') && major > least)
  })
}

function numbers(text: string): [number, number] {
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(text) ?? []
  return [Number(major), Number(minor)]
}
