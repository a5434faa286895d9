import type { LookupFunction } from 'node:net'

/** What surrounds a command. Tests bring their own. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly nodeVersion: string
  /** Writes a line for people or machines. */
  readonly out: (line: string) => void
  /** Writes a line about what went wrong. */
  readonly err: (line: string) => void
  /** Longest wait for any one thing that the doctor looks at, in milliseconds. */
  readonly patience: number
  /** Finds addresses of names, as `dns.lookup` does. */
  readonly lookup: LookupFunction
  /** A certificate to trust beside the usual ones, as PEM. */
  readonly ca?: string
  /** Loads a module of the user's, by its absolute path. */
  readonly load: (file: string) => Promise<unknown>
  /** Ports and paths at which modules of the user's wanted to listen; absent where nobody looks. */
  readonly listened?: () => readonly (number | string)[]
  /** The simulator's port where none is asked for; default 7001. */
  readonly usualPort?: number
  /** Runs a program with these variables beside its own environment, until it ends; gives its exit code. */
  readonly run: (program: readonly string[], env: Readonly<Record<string, string>>) => Promise<number>
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Buffer
  /** Resolves when somebody wants this process to end. */
  readonly ended: () => Promise<void>
}

/** How a command ended: the process's exit code, or `undefined` for one that goes on. */
export type ExitCode = number | undefined

export type Command = (args: string[], world: World) => Promise<ExitCode>
