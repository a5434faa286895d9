// The plugin, and the types of what it is given and gives.
export { geetest, type Geetest } from './middleware'
export type { Effects } from './core'
export type {
  AnswerOf,
  AnyRequest,
  GeetestOptions,
  Guard,
  GuardOptions,
  OnDeny,
  VerifyOptions,
} from './middleware/options'
export { sessionsInTime, type SessionsInTimeOptions } from './middleware/sessions-in-time'
export type { Issue } from './middleware/flow'
export type { ShownSettings } from './middleware/shown'
export { GT_STATUS_SESSION_KEY, USER_ID_SESSION_KEY, type GeetestSession } from './middleware/session'
export type { Denial, PrefetchSettings, Success, Verdict } from './captcha'
export type { CloudStatus, Order, Probed, CallWindow } from './outage'
export type { Health } from './health'
export type { Difference, NodesSeen } from './nodes'
export { trustsEverybody } from './middleware/visitor'
export type { BudgetOptions } from './fairness/budget'
export type { BypassSettings } from './bypass'

// What the plugin tells, to `onEvent` and on `node:diagnostics_channel`.
export { channelNames, type EventOf, type EventType, type GeetestEvent } from './events'
export type { UpstreamCall, UpstreamOutcome } from './events'
export type { Cause } from './cloud'
export type { Detail, VendorCode } from './cloud/detail'

// The seed's SDK, for servers without Express.
export { GeetestClient, type RegisterResponse } from './client'
export type { CloudOptions, Version } from './options'
export type { ClientType, Visitor } from './cloud'
export type { DigestMod } from './digest'
export type { AxiosLike, HttpSettings } from './http'
export { FN_CHALLENGE, FN_SECCODE, FN_VALIDATE, type Answer } from './answer'
export { FN_CAPTCHA_ID, FN_CAPTCHA_OUTPUT, FN_GEN_TIME, FN_LOT_NUMBER, FN_PASS_TOKEN } from './answer/v4'

// Errors are data: branch on their code.
export { GeetestError, isReason, reasons, type ErrorCode, type Reason, type SetupCode } from './errors'

// What a store or a downtime provider of one's own stands on.
export { MemoryStore, type MemoryStoreOptions } from './memory-store'
export type { Board } from './outage'
export type { Counter, Counters, CounterSettings, Counts, Marks, Places } from './fairness/counters'
export type { Demand } from './fairness/demand'
export {
  SPENT,
  type Kept,
  type Mode,
  type Pass,
  type Successor,
  type Taken,
  type Ticket,
  type TicketStore,
} from './tickets'
export { type DowntimeName, type DowntimeProvider, type IssueTerms, downtimeNames } from './downtime'
export { proofOfWork, type ProofOfWorkOptions } from './downtime/proof-of-work'
