// The page with the form helper. The captcha needs nothing of this: it keeps the language, and says who verifies.
;(function () {
  /** @param {string} id */
  function find(id) {
    return /** @type {HTMLElement} */ (document.getElementById(id))
  }
  var form = /** @type {HTMLFormElement} */ (find('login'))
  var lang = '?lang=' + words.lang
  var version = form.getAttribute('data-version')
  var product = (/[?&]product=(popup|embed|bind)\b/.exec(location.search) || ['', 'float'])[1]

  find('language-' + words.lang).setAttribute('aria-current', 'true')
  form.action += (version ? '?page=v4&' : '?') + lang.slice(1)
  ;[].forEach.call(document.querySelectorAll('.more a'), function (/** @type {HTMLElement} */ link) {
    link.setAttribute('href', link.getAttribute('href') + lang)
  })

  if (product !== 'float') {
    form.setAttribute('data-product', product)
    find('attribute').textContent = ' data-product="' + product + '"'
  }
  ;[].forEach.call(find('products').children, function (/** @type {HTMLElement} */ link) {
    var own = String(link.getAttribute('href'))
    if (own === '?product=' + product) link.setAttribute('aria-current', 'true')
    link.setAttribute('href', own + '&lang=' + words.lang)
  })
  ;['zh', 'en'].forEach(function (language) {
    find('language-' + language).setAttribute('href', '?lang=' + language + '&product=' + product)
  })

  form.addEventListener('geetest:ready', function () {
    var request = new XMLHttpRequest()
    request.open('GET', 'mode' + (version ? '?version=' + version : ''))
    request.addEventListener('load', function () {
      if (request.status !== 200) return
      var told = JSON.parse(request.responseText)
      words.showMode(told.mode)
      var other = document.getElementById('v4')
      if (other) other.hidden = told.versions.indexOf(4) < 0
    })
    request.send()
  })
})()
