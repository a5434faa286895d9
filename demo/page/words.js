// The language of the page, and what its scripts say. Words that never change stand in index.html, side by side.

/** @typedef {'zh' | 'en'} Language */

// oxlint-disable-next-line no-unused-vars -- the other scripts read it
var words = (function () {
  var chinese = {
    unsolved: '请先完成验证',
    solved: '验证通过，可以登录了',
    sending: '正在登录…',
    success: '登录成功，欢迎回来',
    wrongPassword: '用户名或密码不对。验证已更新，请再试一次',
    expired: '验证已过期。验证已更新，请再试一次',
    refused: '验证未通过。验证已更新，请再试一次',
    closed: '验证服务暂停，登录暂时关闭，请稍后再来',
    unavailable: '验证服务暂时没有回应。您的验证结果仍然有效，请稍后再试',
    busy: '现在尝试的人太多。您的验证结果仍然有效，请稍后再试',
    notLoaded: '验证未能加载，请重试',
    drill: { up: '演练：让验证云宕机', down: '验证云已宕机：让它恢复', back: '验证云正在恢复，约需十秒…' },
    modes: { simulator: '在线 · 模拟器', cloud: '在线 · 极验云', downtime: '宕机模式 · 本站自行验证' },
  }

  /** @type {typeof chinese} */
  var english = {
    unsolved: 'Please complete the captcha first',
    solved: 'Verified, you can log in',
    sending: 'Logging in…',
    success: 'You are logged in. Welcome back!',
    wrongPassword: 'Wrong user name or password. Please try again with a new captcha',
    expired: 'The captcha was too old. Please try again with a new one',
    refused: 'The captcha was refused. Please try again with a new one',
    closed: 'The captcha service is down and logging in is closed for now. Please come back later',
    unavailable: 'The captcha service does not answer. What you solved is kept: try again in a moment',
    busy: 'Too many people try at once. What you solved is kept: try again in a moment',
    notLoaded: 'The captcha could not be loaded, please try again',
    drill: {
      up: 'Drill: take the cloud down',
      down: 'The cloud is down: bring it back',
      back: 'The cloud is coming back, in about ten seconds…',
    },
    modes: {
      simulator: 'Online · simulator',
      cloud: 'Online · Geetest cloud',
      downtime: 'Downtime · verified by this site',
    },
  }

  /** The address decides (so it can be bookmarked), then the browser. @returns {Language} */
  function choose() {
    if (/[?&]lang=zh\b/.test(location.search)) return 'zh'
    if (/[?&]lang=en\b/.test(location.search)) return 'en'
    return /^zh/i.test(navigator.language) ? 'zh' : 'en'
  }

  var lang = choose()
  var chosen = lang === 'zh' ? chinese : english
  // Of each page the half of its title that is in this language; an answer to a form is in one already.
  var titles = document.title.split(' · ')
  if (titles.length > 1) {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    document.title = titles[lang === 'zh' ? 0 : 1] || ''
  }

  return {
    lang: lang,
    text: chosen,

    /**
     * Says who verifies the visitor.
     *
     * @param {keyof typeof chosen.modes} mode
     */
    showMode: function (mode) {
      var line = /** @type {HTMLElement} */ (document.getElementById('mode'))
      line.setAttribute('data-mode', mode)
      line.textContent = chosen.modes[mode]
    },

    /**
     * Why the server said no, in words.
     *
     * @param {string | undefined} code
     */
    because: function (code) {
      if (code === 'wrong_password') return chosen.wrongPassword
      if (code === 'missing') return chosen.unsolved
      if (code === 'expired') return chosen.expired
      if (code === 'downtime_denied') return chosen.closed
      return chosen.refused
    },
  }
})()

// An answer to a posted form has the form's address: reloaded, it would be posted once more, and a captcha's answer is good for once. So its
// place in the history becomes that of a page that can be asked for.
;(function () {
  var answer = document.querySelector('[data-place]')
  var place = answer && answer.getAttribute('data-place')
  if (place) history.replaceState(null, '', place)
})()
