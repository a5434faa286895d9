// The ES module door: the names of the CommonJS build, so that `import` and `require` share one instance of everything.
export {
  channelNames,
  downtimeNames,
  FN_CHALLENGE,
  FN_SECCODE,
  FN_VALIDATE,
  geetest,
  GeetestClient,
  GeetestError,
  GT_STATUS_SESSION_KEY,
  MemoryStore,
  proofOfWork,
  reasons,
  SPENT,
  USER_ID_SESSION_KEY,
  trustsEverybody,
} from './index.js'
export type * from './index.js'
