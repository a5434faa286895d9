import { createHmac } from 'node:crypto'
import type { Visitor } from '../cloud'
import { deriveKey } from '../digest'

/** What the cloud is told of a visitor's label. */
export const userIdForms = ['hash', 'raw', 'none'] as const

/** How much the cloud learns about visitors. */
export interface DisclosureSettings {
  readonly sendUserId: (typeof userIdForms)[number]
  readonly sendAddress: boolean
}

/** Makes of what the site knows what the cloud is told. */
export type Disclose = (user: string, visitor: Visitor) => Visitor

/** A hash under a key of its own: the same visitor stays recognisable to the vendor, and nobody without the key can guess back. */
export function disclosing({ sendUserId, sendAddress }: DisclosureSettings, privateKey: string): Disclose {
  const key = deriveKey(privateKey, 'user_id 1')
  const labels: Record<DisclosureSettings['sendUserId'], (user: string) => string | undefined> = {
    hash: (user) => createHmac('sha256', key).update(user).digest('hex').slice(0, 32),
    raw: (user) => user,
    none: () => undefined,
  }
  const label = labels[sendUserId]
  return (user, { clientType, ipAddress }) => ({
    userId: label(user),
    clientType,
    ipAddress: sendAddress ? ipAddress : undefined,
  })
}
