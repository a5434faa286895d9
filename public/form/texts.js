export var CHINESE = {
  lang: 'zh-cn',
  unsolved: '请先完成验证',
  failed: '验证无法加载',
  blocked: '，可能被网络或扩展拦截',
  slow: '，网络太慢',
  retry: '重试',
}

/** @type {typeof CHINESE} */
export var ENGLISH = {
  lang: 'en',
  unsolved: 'Please complete the captcha',
  failed: 'The captcha cannot load',
  blocked: ', blocked by the network or an extension?',
  slow: ', the network is slow',
  retry: 'Try again',
}
