// The switch for an outage, shown where the demo runs its own simulator.
;(function () {
  var box = /** @type {HTMLElement} */ (document.getElementById('drill'))
  var button = /** @type {HTMLButtonElement} */ (document.getElementById('drill-switch'))

  /**
   * @param {string} method
   * @param {object | undefined} body
   * @param {(state: { available: boolean, down: boolean }) => void} done
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

  button.addEventListener('click', function () {
    call('POST', { down: button.getAttribute('aria-pressed') !== 'true' }, function () {
      location.reload()
    })
  })

  call('GET', undefined, function (state) {
    box.hidden = !state.available
    button.setAttribute('aria-pressed', String(state.down))
  })
})()
