import { channel, type Channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import type { Cause } from './cloud'
import type { Detail } from './cloud/detail'
import type { Reason } from './errors'
import type { Difference } from './nodes/card'
import type { CloudStatus, Order } from './outage'
import type { Mode } from './tickets'

/** What the plugin tells. What is ours in it is neither secret nor personal: no key, answer, address or user. */
export type GeetestEvent =
  /**
   * A challenge was issued; `cause` says why it is not an online one, `work` by how much more than usual it asks for (2, 4 or 8), because of
   * what the visitor's own network did. With `prefetch`: `stocked` whether it came from the
   * stock, `stock` how many are left there.
   */
  | {
      readonly type: 'issue'
      readonly scene: string
      readonly mode: Mode
      readonly cause?: string
      readonly work?: number
      readonly stocked?: boolean
      readonly stock?: number
    }
  /**
   * An answer or a pass was judged. `mode`: the ticket's, where one was found. `seconds`: from the issue to the right answer,
   * where that is what came. `detail`, version 4 only: what the vendor said beside a verdict, one of its codes or reasons.
   */
  | {
      readonly type: 'verify'
      readonly scene: string
      readonly via: 'answer' | 'pass'
      readonly outcome: 'ok' | Reason
      readonly mode?: Mode
      readonly seconds?: number
      readonly detail?: Detail
    }
  /** Somebody passed unverified, because that is what this scene or guard does while the cloud is down. */
  | { readonly type: 'allowed'; readonly scene: string }
  /** A downtime budget is used up, and a visitor was told to wait. */
  | { readonly type: 'budget'; readonly scene: string; readonly act: 'issue' | 'verify'; readonly seconds: number }
  /** The store threw this, as it came from the driver; a visitor who waited for it got `store_error`. */
  | { readonly type: 'store'; readonly scene: string; readonly error: unknown }
  /** The cloud went down or came back, with the cause. */
  | ({ readonly type: 'cloud'; readonly scene: string } & CloudStatus)
  /**
   * A call to the cloud ended, after so many seconds: with an answer, `rejected` being a clean no, or without one and why.
   * A `probe` asks for the plugin itself, while the cloud counts as down.
   */
  | {
      readonly type: 'upstream'
      readonly scene: string
      readonly call: UpstreamCall
      readonly outcome: UpstreamOutcome
      readonly seconds: number
    }
  /**
   * Calls to the cloud are short, and are shared out fairly: over the last second or so as many visitors had to wait for theirs (`waited`;
   * the longest of them so many `seconds`) or were refused. `pace`: how many calls a second begin, where the cloud says that it takes no more.
   */
  | {
      readonly type: 'queue'
      readonly scene: string
      readonly call: Exclude<UpstreamCall, 'probe'>
      readonly waited: number
      readonly refused: number
      readonly seconds: number
      readonly pace?: number
    }
  /** The nodes that share a store differ in these, and must not; empty: no longer. */
  | { readonly type: 'nodes'; readonly scene: string; readonly differ: readonly Difference[] }
  /** An operator gave an order, or took it back (`lifted`). One that expires is no event; what it changes is one. */
  | ({ readonly type: 'order'; readonly scene: string } & (Order | { readonly mode: 'lifted' }))

export type UpstreamCall = 'register' | 'validate' | 'probe'
export type UpstreamOutcome = 'ok' | 'rejected' | Cause

export type EventType = GeetestEvent['type']

/** The event of one type: what arrives on its channel. */
export type EventOf<Type extends EventType> = Extract<GeetestEvent, { readonly type: Type }>

/** The names of the channels of `node:diagnostics_channel` on which the same events are published, one for each type. */
export const channelNames = {
  issue: 'express-geetest:issue',
  verify: 'express-geetest:verify',
  allowed: 'express-geetest:allowed',
  budget: 'express-geetest:budget',
  store: 'express-geetest:store',
  cloud: 'express-geetest:cloud',
  upstream: 'express-geetest:upstream',
  queue: 'express-geetest:queue',
  order: 'express-geetest:order',
  nodes: 'express-geetest:nodes',
} as const satisfies { readonly [Type in EventType]: `express-geetest:${Type}` }

export const eventTypes = Object.keys(channelNames) as EventType[]

// Held for good: Node forgets a channel that nobody holds.
const channels = Object.fromEntries(eventTypes.map((type) => [type, channel(channelNames[type])])) as Readonly<
  Record<EventType, Channel>
>

const hosts = new Set<(scene: string) => void>()

/** A plugin of that scene is made. No event: nobody but what counts wants to know. */
export const notePlugin = (scene: string): void => hosts.forEach((meet) => meet(scene))

/** Calls back with the scene of every plugin that is made from now on; returns the way to call it off. */
export function onPlugin(meet: (scene: string) => void): () => void {
  hosts.add(meet)
  return () => void hosts.delete(meet)
}

/** Tells whoever listens. */
export interface Emit {
  (event: GeetestEvent): void
  /** Whether anybody listens; where nobody does, nothing need be made to be told. */
  readonly hears: (type: EventType) => boolean
}

/** @param listener the user's own, told before the channels are */
export function emitter(listener: ((event: GeetestEvent) => void) | undefined): Emit {
  const tell = listener && harmless('onEvent', listener)
  function emit(event: GeetestEvent): void {
    tell?.(event)
    channels[event.type].publish(event)
  }
  return Object.assign(emit, { hears: (type: EventType) => tell !== undefined || channels[type].hasSubscribers })
}

/** Calls a listener so that its mistakes stay its own: an exception becomes one process warning. */
export function harmless(name: string, listener: (event: GeetestEvent) => void): (event: GeetestEvent) => void {
  return (event) => {
    const warn = (error: unknown): void =>
      process.emitWarning(`${name} failed on ${event.type}: ${inspect(error)}`, { code: 'GEETEST_ON_EVENT' })
    try {
      // The type asks for void; a listener may be async all the same, and its rejection would end the process.
      const returned: unknown = listener(event)
      Promise.resolve(returned).catch(warn)
    } catch (error) {
      warn(error)
    }
  }
}
