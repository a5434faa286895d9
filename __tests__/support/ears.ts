import { format, inspect } from 'node:util'

/** Hears what leaves this process by itself, looks at whatever it is shown, and knows the secrets that must be in neither. */
export interface Ears {
  /** Texts that nobody may find, with a word for each: `private key`. */
  keep(word: string, ...secrets: readonly string[]): void
  /** Looks at a value in every way that people and their tools do. */
  look(where: string, value: unknown): void
  /** How much was heard or looked at there. */
  heard(where: string): number
  /** Where which secret was found. */
  leaks(): string[]
  /** Hears nothing any more. */
  stop(): void
}

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const
const ALL = { showHidden: true, depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity }

const base64 = (secret: string): string => Buffer.from(secret).toString('base64').replaceAll('=', '')

/** Everything that a logger might write of a value. */
export function textsOf(value: unknown): string[] {
  const texts = [inspect(value, ALL), inspect(value), asJson(value)]
  return value instanceof Error ? [...texts, value.message, String(value.stack)] : texts
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    // It refers to itself, and no logger gets anything out of it this way.
    return ''
  }
}

export function prickEars(): Ears {
  const secrets = new Map<string, string>()
  const heard = new Map<string, string[]>()
  function note(where: string, ...texts: string[]): void {
    const before = heard.get(where)
    if (before === undefined) heard.set(where, texts)
    else before.push(...texts)
  }

  const streams = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      note(name, chunk.toString())
      return true
    }),
  )
  const lines = CONSOLE.map((name) =>
    jest
      .spyOn(console, name)
      .mockImplementation((...args: unknown[]) => note('console', format(...args), ...args.flatMap(textsOf))),
  )
  // Before Node makes a warning of it, which a test would have to wait for.
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation((...args: unknown[]) => {
    note('warnings', ...args.flatMap(textsOf))
  })

  return {
    keep: (word, ...texts) => texts.forEach((text) => secrets.set(text, word)),
    look: (where, value) => note(where, ...textsOf(value)),
    heard: (where) => heard.get(where)?.length ?? 0,
    leaks() {
      const all = [...heard].map(([where, texts]) => ({ where, text: texts.join('\n') }))
      const found = [...secrets].flatMap(([secret, word]) =>
        all
          .filter(({ text }) => text.includes(secret) || text.includes(base64(secret)))
          .map(({ where }) => `${word} in ${where}`),
      )
      return [...new Set(found)]
    },
    stop: () => [...streams, ...lines, warnings].forEach((spy) => spy.mockRestore()),
  }
}
