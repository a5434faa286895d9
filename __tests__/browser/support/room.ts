import type { BrowserContext } from 'playwright-core'
import { watch, type Tab } from './tab'

/**
 * A context that the tests of a `describe` use one after another: a new one each would start a process of the browser each,
 * which costs more than most tests do.
 */
export interface Room {
  /** Whether something was done to it that no page after that must see. */
  readonly spoiled: boolean
  open(): Promise<Tab>
  /** Closes all pages, and forgets what sites have stored. */
  empty(): Promise<void>
}

export async function openRoom(newContext: () => Promise<BrowserContext>): Promise<Room> {
  const context = await newContext()
  // As long as one page is open, its process lives, and is there for the next.
  const keeper = await context.newPage()
  const devtools = await context.newCDPSession(keeper)
  let tabs: Tab[] = []
  let spoiled = false

  // A clock that was set stays so for all pages of a context.
  const { clock } = context
  const install = clock.install.bind(clock)
  clock.install = (options) => {
    spoiled = true
    return install(options)
  }

  async function forget(origins: ReadonlySet<string>): Promise<void> {
    const clear = (origin: string) =>
      devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage,indexeddb,cache_storage' })
    await Promise.all([context.clearCookies(), ...[...origins].map(clear)])
  }

  return {
    get spoiled() {
      return spoiled
    },
    open: async () => {
      const tab = watch(await context.newPage())
      tabs.push(tab)
      return tab
    },
    empty: async () => {
      const used = tabs
      tabs = []
      const urls = used.map(({ page }) => page.url()).filter((url) => url.startsWith('http'))
      if (spoiled) return context.close()
      await Promise.all(used.map(({ page }) => page.close()))
      await forget(new Set(urls.map((url) => new URL(url).origin)))
    },
  }
}
