// The switch for an outage, shown where the demo runs its own simulator.
;(function () {
  var box = /** @type {HTMLElement} */ (document.getElementById('drill'))
  var button = /** @type {HTMLButtonElement} */ (document.getElementById('drill-switch'))

  /**
   * @param {string} method
   * @param {object | undefined} body
   * @param {(state: { available: boolean, down: boolean, outage: boolean }) => void} done
   */
  function call(method, body, done) {
    var request = new XMLHttpRequest()
    request.open(method, 'drill')
    request.setRequestHeader('Content-Type', 'application/json')
    request.addEventListener('load', function () {
      if (request.status === 200) done(JSON.parse(request.responseText))
    })
    request.send(body && JSON.stringify(body))
  }

  var isDown = false

  /** What a press would do, or why it must wait. @param {'up' | 'down' | 'back'} state */
  function say(state) {
    button.textContent = words.text.drill[state]
    button.classList.toggle('is-down', state === 'down')
    button.disabled = state === 'back'
  }

  /** The site's next probe notices that the cloud is back; nothing can be hurried there. */
  function waitForCloud() {
    var request = new XMLHttpRequest()
    request.open('GET', 'drill')
    request.addEventListener('load', function () {
      if (request.status === 200 && JSON.parse(request.responseText).outage) setTimeout(waitForCloud, 1000)
      else location.reload()
    })
    request.send()
  }

  button.addEventListener('click', function () {
    call('POST', { down: !isDown }, function (state) {
      if (state.down) return location.reload()
      say('back')
      waitForCloud()
    })
  })

  call('GET', undefined, function (state) {
    isDown = state.down
    box.hidden = !state.available
    say(isDown ? 'down' : state.outage ? 'back' : 'up')
    if (!isDown && state.outage) waitForCloud()
  })
})()
