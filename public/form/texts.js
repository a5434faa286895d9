// All words of the form helper, one table a language. `%` stands for what is put in.

export var CHINESE = {
  lang: 'zh-cn',
  loading: '验证加载中…',
  start: '点击加载验证',
  unsolved: '请先完成验证',
  anew: '验证已更新，请再试一次',
  failed: '验证无法加载',
  blocked: '，可能被网络或扩展拦截',
  policy: '，被本页面的 Content-Security-Policy 拦截（%）',
  slow: '，网络太慢',
  many: '操作过于频繁。',
  wait: '请在 % 秒后重试',
  retry: '重试',
}

/** @type {typeof CHINESE} */
export var ENGLISH = {
  lang: 'en',
  loading: 'The captcha is loading…',
  start: 'Load the captcha',
  unsolved: 'Please complete the captcha',
  anew: 'Here is a new captcha, please try again',
  failed: 'The captcha cannot load',
  blocked: ', blocked by the network or an extension?',
  policy: ', blocked by this page’s Content-Security-Policy (%)',
  slow: ', the network is slow',
  many: 'Too many at once.',
  wait: 'Try again in % s',
  retry: 'Try again',
}
