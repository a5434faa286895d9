import { deriveKey } from '../digest'

/** In what nodes of a site may differ and must not. `clock`: by more than a minute. */
export const differences = ['key', 'scene', 'version', 'digest', 'downtime', 'prefix', 'package', 'clock'] as const
export type Difference = (typeof differences)[number]

/** What must be equal for one scene. */
export interface SceneCard {
  /** A fingerprint of the private key. */
  readonly key: string
  readonly version: string
  readonly digest: string
  readonly downtime: string
}

/** What a node tells the others of itself. No key can be found by it. */
export interface Card {
  readonly id: string
  /** For people: `host:pid`. */
  readonly name: string
  /** Counts up each time, so that a node that has ended is known by it, whatever its clock says. */
  readonly beat: number
  /** Its clock, in ms since 1970. */
  readonly at: number
  readonly package: string
  readonly prefix: string
  readonly scenes: Readonly<Record<string, SceneCard>>
}

/**
 * The private key as nodes compare it. A key of the vendor's is 32 random hex digits: 128 bits, which nobody finds by trying, so that what is
 * derived from it gives nothing away; of that 48 bits are shown, enough to tell a few keys apart, and derived for this purpose alone, so
 * that they are no part of anything that is signed.
 */
export const fingerprint = (privateKey: string): string =>
  deriveKey(privateKey, 'node fingerprint 1').toString('hex').slice(0, 12)

export const sceneCard = (
  { privateKey, version, digest }: { readonly privateKey: string; readonly version: number; readonly digest: string },
  downtime: string,
): SceneCard => ({ key: fingerprint(privateKey), version: String(version), digest, downtime })

/** Words as this version writes them: whatever else lies there is nobody's card. */
export function isCard(value: unknown): value is Card {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, beat, at, package: of, prefix, scenes } = value as Record<string, unknown>
  const texts = [id, name, of, prefix].every((text) => typeof text === 'string' && /^[\w:./@-]{0,100}$/.test(text))
  return texts && typeof beat === 'number' && typeof at === 'number' && isScenes(scenes)
}

const isScenes = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  // Names of scenes end up in the log of whoever reads them here.
  Object.entries(value).every(([scene, card]) => !/\p{C}/u.test(scene) && isSceneCard(card))

function isSceneCard(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { key, version, digest, downtime } = value as Record<string, unknown>
  return [key, version, digest, downtime].every((text) => typeof text === 'string' && /^[\w.-]{1,64}$/.test(text))
}

/** So far two clocks may be apart, in milliseconds. */
const CLOCK_MS = 60_000

/** A clock in words; those that are about right are alike. */
function clockOf(ahead: number): string {
  if (Math.abs(ahead) <= CLOCK_MS) return 'this time'
  return `${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead' : 'behind'}`
}

/** One thing in which nodes differ, in words: who has what. */
export interface Found {
  readonly what: Difference
  readonly words: string
}

/** A node, and its clock as it was when it was heard: so many milliseconds before or behind this node's. */
export interface Heard {
  readonly card: Card
  readonly ahead: number
}

/** In what these nodes differ, as far as it concerns one scene. Of scenes, the whole of what each node has is compared. */
export function compare(nodes: readonly Heard[], scene: string): Found[] {
  const of = (what: Difference, read: (heard: Heard) => string | undefined): Found[] => {
    const groups = new Map<string, string[]>()
    for (const heard of nodes) {
      const value = read(heard)
      if (value !== undefined) groups.set(value, [...(groups.get(value) ?? []), heard.card.name])
    }
    if (groups.size < 2) return []
    const words = [...groups].map(([value, names]) => `${value} on ${names.toSorted().join(', ')}`).toSorted()
    return [{ what, words: words.join('; ') }]
  }
  return [
    ...of('key', ({ card }) => card.scenes[scene]?.key),
    ...of('scene', ({ card }) => Object.keys(card.scenes).toSorted().join('+')),
    ...of('version', ({ card }) => card.scenes[scene]?.version),
    ...of('digest', ({ card }) => card.scenes[scene]?.digest),
    ...of('downtime', ({ card }) => card.scenes[scene]?.downtime),
    ...of('prefix', ({ card }) => card.prefix),
    ...of('package', ({ card }) => card.package),
    ...of('clock', ({ ahead }) => clockOf(ahead)),
  ]
}
