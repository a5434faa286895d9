import { faults } from '../simulator'
import { meant, UsageError } from './arguments'
import { demo } from './demo'
import { doctor } from './doctor'
import { version } from './package'
import { simulator } from './simulator'
import { fill, languageOf, words } from './words'
import type { Command, ExitCode, World } from './world'

const COMMANDS: Readonly<Record<string, Command>> = { demo, simulator, doctor }

/** The command line: a command by its name, or help. A command line that makes no sense is 2, and help with it. */
export async function main([name, ...args]: string[], world: World): Promise<ExitCode> {
  try {
    if (name === '--version' || name === '-v') return say(world, version)
    if (name === undefined || isHelp(name)) return say(world, help([name ?? '', ...args], world))
    if (!Object.hasOwn(COMMANDS, name)) throw unknown(name)
    if (ownOf(args).some(isHelp)) return say(world, help(args, world, name))
    return await (COMMANDS[name] as Command)(args, world)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const { usage } = words(languageOf(args, world.env))
    world.err(`express-geetest: ${fill(usage[error.says], error.values)}\n\n${help(args, world, name)}`)
    return 2
  }
}

function say(world: World, text: string): ExitCode {
  world.out(text)
  return 0
}

const isHelp = (word: string): boolean => ['help', '--help', '-h'].includes(word)

/** Behind `--` stands another program's command line. */
const ownOf = (args: readonly string[]): readonly string[] =>
  args.includes('--') ? args.slice(0, args.indexOf('--')) : args

function help(args: readonly string[], { env }: World, name?: string): string {
  const { help, simulator } = words(languageOf(args, env))
  return name === 'simulator' ? `${help}\n\n  ${fill(simulator.faults, { faults: faults.join(', ') })}` : help
}

function unknown(name: string): UsageError {
  const names = Object.keys(COMMANDS)
  const near = meant(name.replace(/^-+/, ''), names)
  return near === undefined
    ? new UsageError('noCommand', { name, names: names.join(', ') })
    : new UsageError('otherCommand', { name, near })
}
