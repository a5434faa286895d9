import type { Script } from './script'

/** The little of Redis that is needed, whichever client sends it. Answers are as the client gives them. */
export interface Redis {
  /** Whether a command leaves at once. One that waits in the client's queue is carried out when nobody asks any more. */
  readonly ready: boolean
  get(key: string): Promise<unknown>
  /** Runs a Lua script. Its keys must share a hash slot. */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** The same in fewer bytes, for what every visitor costs. */
  call(script: Script, key: string, args: readonly string[]): Promise<unknown>
  /** Opens a connection of its own that hears what is published, until it is lost or closed. */
  subscribe(channel: string, heard: Heard): Subscription
  /** Calls back whenever the client has connected, and when it was closed; returns the way to call that off. */
  follow(connected: () => void, closed: () => void): () => void
}

/** What a subscription tells. */
export interface Heard {
  /** Somebody published this. */
  readonly message: (text: string) => void
  /** From now on everything is heard; before, something may have been missed. */
  readonly listening: () => void
  /** The connection is lost, or could not be made: close it. This may be told more than once. */
  readonly lost: () => void
  /** Redis does not let this user subscribe. */
  readonly refused: (error: unknown) => void
}

export interface Subscription {
  close(): void
}

/** An answer as text. Clients can be told to answer with buffers. */
export function asText(answer: unknown): string | undefined {
  return typeof answer === 'string' || Buffer.isBuffer(answer) ? answer.toString() : undefined
}

export const ignore = (): void => undefined

/** Both clients say the same in the same words. */
export interface Events {
  on(event: string, listener: (...args: unknown[]) => void): unknown
  off(event: string, listener: (...args: unknown[]) => void): unknown
}

export function follow(client: Events, connected: () => void, closed: () => void): () => void {
  client.on('ready', connected)
  client.on('end', closed)
  return () => {
    client.off('ready', connected)
    client.off('end', closed)
  }
}
