import { demo } from './demo'
import { doctor } from './doctor'
import { isUsageError, UsageError } from './arguments'
import { version } from './package'
import { simulator } from './simulator'
import { languageOf, words } from './words'
import type { Command, ExitCode, World } from './world'

const COMMANDS: Readonly<Record<string, Command>> = { demo, simulator, doctor }

/** The command line: a command by its name, or help. A command line that makes no sense is 2, and help with it. */
export async function main([name, ...args]: string[], world: World): Promise<ExitCode> {
  try {
    if (name === '--version' || name === '-v') return say(world, version)
    if (name === undefined || isHelp(name)) return say(world, help([name ?? '', ...args], world))
    if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(unknown(name, world))
    if (args.some(isHelp)) return say(world, help(args, world))
    return await (COMMANDS[name] as Command)(args, world)
  } catch (error) {
    if (!isUsageError(error)) throw error
    world.err(`express-geetest: ${error.message}\n\n${help(args, world)}`)
    return 2
  }
}

function say(world: World, text: string): ExitCode {
  world.out(text)
  return 0
}

const isHelp = (word: string): boolean => ['help', '--help', '-h'].includes(word)

const help = (args: readonly string[], { env }: World): string => words(languageOf(args, env)).help

const unknown = (name: string, { env }: World): string =>
  words(languageOf([], env)).unknownCommand.replace('{name}', name)
