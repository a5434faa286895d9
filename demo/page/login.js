// The login page: one captcha in three integrations.

/** @typedef {'loading' | 'ready' | 'solved' | 'sending' | 'kept' | 'broken' | 'done'} State of an integration */

/**
 * A form with a captcha, and a line that says what goes on. What happens when, is up to the three integrations below.
 *
 * @param {string} id of the section
 * @param {string} product
 * @param {{ solved: () => void, closed?: () => void, spoken?: () => void }} hooks the visitor has passed, or has
 *   closed the check; something was said on the page
 */
function integrate(id, product, hooks) {
  /** @param {string} selector @returns {any} */
  function find(selector) {
    return document.querySelector('#' + id + selector)
  }
  var form = find('-form')
  var line = find(' .status')
  var retry = find(' .retry')
  var again = find(' .again')
  /** @type {(() => void) | undefined} what "try again" does at the moment */
  var repeat

  /** @param {State} state */
  function become(state) {
    find('').setAttribute('data-state', state)
  }

  /**
   * @param {'plain' | 'success' | 'error'} kind
   * @param {string} text
   * @param {() => void} [action] what "try again" does
   */
  function say(kind, text, action) {
    line.setAttribute('data-kind', kind)
    line.textContent = text
    retry.hidden = !action
    repeat = action
    if (text && hooks.spoken) hooks.spoken()
  }

  var place = createPlace(find('-captcha'), product, {
    loading: function () {
      become('loading')
    },
    ready: function () {
      become('ready')
    },
    solved: function () {
      become('solved')
      say('plain', words.text.solved)
      hooks.solved()
    },
    closed: function () {
      if (hooks.closed) hooks.closed()
    },
    failed: function (action) {
      become('broken')
      say('error', words.text.notLoaded, function () {
        say('plain', '')
        action()
      })
    },
  })

  /** Sends the form and the answer without leaving the page. */
  function send() {
    if (find('').getAttribute('data-state') === 'sending') return
    /** @type {{ [name: string]: string }} */
    var body = { username: form.elements.username.value, password: form.elements.password.value }
    var answer = /** @type {any} */ (place.answer())
    for (var name in answer) body[name] = answer[name]
    become('sending')
    say('plain', words.text.sending)
    request('POST', '/login', body, judge)
  }

  /**
   * @param {number} status
   * @param {{ code?: string }} reply
   */
  function judge(status, reply) {
    if (status === 200) return succeed()
    if (status === 503 || status === 429 || status === 0) {
      // No verdict: the answer is still good, the visitor need not solve another puzzle.
      become('kept')
      return say('error', status === 429 ? words.text.busy : words.text.unavailable, send)
    }
    say('error', words.because(reply.code))
    place.renew()
    if (reply.code === 'wrong_password') form.elements.password.select()
  }

  function succeed() {
    become('done')
    say('success', words.text.success)
    form.hidden = true
    again.hidden = false
    again.focus()
    renewOthers(place)
  }

  function startAgain() {
    form.hidden = false
    again.hidden = true
    form.elements.password.value = ''
    form.elements.password.focus()
    say('plain', '')
    place.renew()
  }

  retry.addEventListener('click', function () {
    if (repeat) repeat()
  })
  if (again) again.addEventListener('click', startAgain)
  places.push(place)
  place.renew()
  return { form: form, place: place, become: become, say: say, send: send }
}

/** @type {Array<ReturnType<typeof createPlace>>} */
var places = []

/**
 * The server starts a new session for a visitor who has logged in, and challenges of the old one end with it.
 *
 * @param {ReturnType<typeof createPlace>} [but]
 */
function renewOthers(but) {
  places.forEach(function (place) {
    if (place !== but) place.renew()
  })
}

/** "Log in" opens the puzzle; once it is solved the form is sent. Whoever opens it by its bar logs in afterwards. */
function startPopup() {
  var wanted = false
  var popup = integrate('popup', 'popup', {
    solved: function () {
      if (wanted) popup.send()
      wanted = false
    },
    closed: function () {
      // Whoever has solved it has not left: the check closes before it says so.
      if (!popup.place.answer()) wanted = false
    },
  })
  popup.form.addEventListener('submit', function (/** @type {Event} */ event) {
    event.preventDefault()
    if (popup.place.answer()) return popup.send()
    wanted = true
    popup.say('plain', words.text.unsolved)
    popup.place.show()
  })
}

/** A plain form: the hidden fields are the widget's, the browser sends them. */
function startEmbed() {
  var embed = integrate('embed', 'embed', { solved: function () {} })
  embed.form.action += '?page=classic&lang=' + words.lang
  embed.form.addEventListener('submit', function (/** @type {Event} */ event) {
    if (embed.place.answer()) return embed.become('sending')
    event.preventDefault()
    embed.say('error', words.text.unsolved)
  })
}

/** "Log in" opens an overlay of the page; everything that is said afterwards is said below it, so it closes. */
function startMobile() {
  var overlay = createOverlay(/** @type {HTMLElement} */ (document.getElementById('mobile-overlay')))
  var mobile = integrate('mobile', 'embed', {
    solved: function () {
      mobile.send()
    },
    spoken: overlay.close,
  })
  mobile.form.addEventListener('submit', function (/** @type {Event} */ event) {
    event.preventDefault()
    if (mobile.place.answer()) return mobile.send()
    mobile.say('plain', '')
    overlay.open()
  })
}

var language = /** @type {HTMLElement} */ (document.getElementById('language-' + words.lang))
language.setAttribute('aria-current', 'true')
var home = /** @type {HTMLAnchorElement} */ (document.getElementById('home'))
home.href = './?lang=' + words.lang
startPopup()
startEmbed()
startMobile()

// Back from the answer to a form: that page's challenge is used up, and after a login so is the session of all three.
window.addEventListener('pageshow', function (event) {
  if (event.persisted) renewOthers()
})
