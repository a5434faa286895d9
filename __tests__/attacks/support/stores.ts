import { MemoryStore, type TicketStore } from '../../../lib'

/** A store that a test has for itself, and the way to end it. */
interface Opened {
  readonly store: TicketStore
  close(): void | Promise<void>
}
type Open = () => Opened | Promise<Opened>

/** Every store that comes with the package: what is promised of tickets holds on each. */
const stores: [name: string, open: Open][] = [['memory', () => ({ store: new MemoryStore(), close: () => undefined })]]

/**
 * Runs `attacks` once for each store.
 * @param attacks is given the way to open an empty store, which is closed after the last of its tests
 */
export function onEveryStore(attacks: (open: () => Promise<TicketStore>) => void): void {
  describe.each(stores)('on a %s store', (_, open) => {
    const opened: Opened[] = []
    afterAll(async () => {
      for (const one of opened) await one.close()
    })
    attacks(async () => {
      const one = await open()
      opened.push(one)
      return one.store
    })
  })
}
