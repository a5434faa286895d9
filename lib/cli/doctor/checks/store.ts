import { ok, warning, type Check } from '../check'

const WRITE = 'store: new RedisStore(client)  // or store: new MemoryStore(), if one process is all there is'

export const store: Check = {
  code: 'store',
  run: ({ store, production }) => {
    if (store === undefined) return undefined
    if (!store.inMemory) return ok('store.shared')
    return production ? warning('store.memory', WRITE) : ok('store.development')
  },
}
