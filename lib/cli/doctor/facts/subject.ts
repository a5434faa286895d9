import { dirname, resolve } from 'node:path'
import type { Express } from 'express'
import { geetest, GeetestError, MemoryStore, type Geetest, type GeetestOptions, type Version } from '../../../index'
import type { World } from '../../world'
import { bareSite } from './bare-site'
import { inTime, reasonOf } from './in-time'
import { explore, isCaptcha } from './routes'
import type { Wishes } from '../wishes'

/** Whom the doctor looks at. */
export interface Subject {
  /** What it was made from. `nothing`: neither a file nor an address nor an id and a key in the environment. */
  readonly given: 'app' | 'captcha' | 'options' | 'environment' | 'url' | 'nothing'
  /** Where packages of the site are looked for. */
  readonly folder: string
  /** To visit: the site's own, or a bare one around the plugin. */
  readonly app?: Express
  readonly captcha?: Geetest
  readonly guards?: readonly string[]
  /** Routes with the plugin itself where a guard belongs. */
  readonly open?: readonly string[]
  /** Routes that end with the guard, so that what stands before it is not guarded. */
  readonly before?: readonly string[]
  /** Whether the plugin that the file exports is in the app. */
  readonly isMounted?: boolean
  /** Scenes of the app's other plugins, which nobody looks at. */
  readonly others?: readonly string[]
  /** Why there is nothing to look at. `options`: the plugin refused them. `load`: the file failed. `empty`: nothing in it. */
  readonly failure?: { readonly at: 'options' | 'load' | 'empty'; readonly message: string }
  /** The options where they came by themselves. */
  readonly options?: Partial<GeetestOptions>
}

export async function findSubject({ file, url, scene }: Wishes, world: World): Promise<Subject> {
  if (file !== undefined) return fromFile(resolve(world.cwd, file), scene, world)
  const { GEETEST_ID, GEETEST_KEY, GEETEST4_ID, GEETEST4_KEY } = world.env
  if (GEETEST_ID || GEETEST_KEY) return fromEnvironment(world, 3)
  if (GEETEST4_ID || GEETEST4_KEY) return fromEnvironment(world, 4)
  return { given: url === undefined ? 'nothing' : 'url', folder: world.cwd }
}

function fromEnvironment({ env, cwd: folder }: World, version: Version): Subject {
  const name = version === 4 ? 'GEETEST4' : 'GEETEST'
  const options = {
    version,
    captchaId: env[`${name}_ID`] ?? '',
    privateKey: env[`${name}_KEY`] ?? '',
    apiServer: env[`${name}_API_SERVER`] || undefined,
    downtime: (env.GEETEST_DOWNTIME || undefined) as GeetestOptions['downtime'],
    store: new MemoryStore(),
  }
  return fromOptions({ given: 'environment', folder, options })
}

function fromOptions(base: Subject & { readonly options: Partial<GeetestOptions> }): Subject {
  try {
    const captcha = geetest(base.options as GeetestOptions)
    return { ...base, captcha, app: bareSite(captcha) }
  } catch (error) {
    return { ...base, failure: { at: 'options', message: reasonOf(error) } }
  }
}

async function fromFile(file: string, scene: string | undefined, { load, patience }: World): Promise<Subject> {
  const folder = dirname(file)
  try {
    return await fromModule(await inTime(patience, load(file)), scene, folder)
  } catch (error) {
    const at = GeetestError.is(error) ? 'options' : 'load'
    return { given: 'app', folder, failure: { at, message: reasonOf(error) } }
  }
}

/** An app, the plugin, or its options; as default export, or by name. */
async function fromModule(module: unknown, scene: string | undefined, folder: string): Promise<Subject> {
  const exported = namesOf(module)
  const app = [exported.default, exported.app].find(isApp) ?? (await made(exported.createApp ?? exported.default))
  const named = [exported.captcha, exported.default].find(isCaptcha)
  if (app !== undefined) {
    const { captchas, guards, open, before } = explore(app)
    const isMounted = named === undefined || captchas.includes(named)
    const all = named ? [named, ...captchas.filter((captcha) => captcha !== named)] : captchas
    return { given: 'app', folder, app, guards, open, before, isMounted, ...oneOf(all, scene) }
  }
  if (named !== undefined) return { given: 'captcha', folder, captcha: named, app: bareSite(named) }
  const options = [exported.options, exported.default].find(isOptions)
  if (options !== undefined) return fromOptions({ given: 'options', folder, options })
  const names = Object.keys(Object(module)).join(', ')
  return { given: 'app', folder, failure: { at: 'empty', message: names } }
}

/** The plugin of that scene, or else the first one, and what the others guard. */
function oneOf(captchas: readonly Geetest[], scene: string | undefined): Partial<Subject> {
  const scenes = captchas.map(({ settings }) => settings.scene)
  const at = Math.max(
    0,
    scenes.findIndex((name) => name === scene),
  )
  const captcha = captchas[at]
  return captcha ? { captcha, others: scenes.toSpliced(at, 1) } : {}
}

/** The names of a module; those of `module.exports` count too where it has come in as the default. */
function namesOf(module: unknown): Record<string, unknown> {
  const names = { ...(module as object) } as Record<string, unknown>
  const inner: unknown = names.default
  return { ...(typeof inner === 'object' || typeof inner === 'function' ? inner : {}), ...names }
}

const isApp = (value: unknown): value is Express =>
  typeof value === 'function' && 'handle' in value && 'set' in value && 'use' in value

/** Called only where it asks for nothing: a class or a handler would not give an app. */
async function made(create: unknown): Promise<Express | undefined> {
  if (typeof create !== 'function' || create.length > 0 || isCaptcha(create)) return undefined
  const value: unknown = await (create as () => unknown)()
  return isApp(value) ? value : undefined
}

const isOptions = (value: unknown): value is Partial<GeetestOptions> =>
  typeof value === 'object' && value !== null && ('captchaId' in value || 'privateKey' in value)
