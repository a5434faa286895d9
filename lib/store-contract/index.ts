import { claiming } from './claiming'
import { contents } from './contents'
import { lifetimes } from './lifetimes'
import { nodes } from './nodes'
import { subjectOf, type ContractSettings, type MakeStore } from './subject'
import { taking } from './taking'

export type { ContractSettings, MakeStore }

/** One promise of a store. `run` rejects with an `AssertionError` of node:assert where the store breaks it. */
export interface ContractCase {
  readonly name: string
  readonly run: () => Promise<void>
}

/**
 * The contract of a `TicketStore` as tests, for whichever framework you use:
 *
 *     for (const { name, run } of storeContract(() => new MyStore())) test(name, run)
 *
 * @param makeStore called once or more for each case. Ids are made up, so records of former runs do no harm.
 */
export function storeContract(makeStore: MakeStore, settings: ContractSettings = {}): readonly ContractCase[] {
  const cases = [
    ...taking,
    ...lifetimes,
    ...contents,
    ...(settings.shared ? nodes : []),
    ...(settings.claims ? claiming : []),
  ]
  return cases.map(([name, run]) => ({ name, run: async () => run(await subjectOf(makeStore, settings)) }))
}
