export var CHINESE = {
  label: '开始验证',
  idle: '验证服务暂停，由浏览器完成一次计算',
  work: '计算中 ',
  done: '验证成功',
  closed: '验证服务暂停，暂不开放',
  error: '验证已失效，请刷新',
  cancel: '取消',
}

/** @type {typeof CHINESE & { dir?: string }} what reads from the right has `dir` */
export var ENGLISH = {
  label: 'Verify me',
  idle: 'Service down: short calculation instead',
  work: 'Calculating ',
  done: 'Verified',
  closed: 'Service down; closed for now',
  error: 'No longer valid, please reload',
  cancel: 'Cancel',
}
