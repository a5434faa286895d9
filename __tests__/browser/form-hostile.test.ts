import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve } from './support/form-page'
import { password, said, setForms, welcome } from './support/form-stage'

const FIND = "document.getElementById('form')"

// Whatever a page does to a form around the helper, the form is guarded, and can be sent.
describeInChromium('a page that works on its forms itself', (open) => {
  const stage = setForms(open)
  const { visit, openAt, show, logIn } = stage
  const bind = 'data-product="bind"'

  describe.each([
    ['3', '', '/login'],
    ['4', 'data-version="4" data-scene="/v4"', '/login4'],
  ])('in version %s', (_version, attributes, action) => {
    it.each([
      ['replaces all that is in it', `var inside = form.innerHTML; form.innerHTML = inside`],
      ['removes the place', `form.querySelector('[data-geetest-here]').remove()`],
      ['empties the place', `form.querySelector('[data-geetest-here]').innerHTML = ''`],
      ['removes what was drawn', `form.querySelector('.geetest_holder').remove()`],
      ['removes the hidden fields', `form.querySelectorAll('input[type=hidden]').forEach((field) => field.remove())`],
      [
        'takes the place out and brings another',
        `form.querySelector('[data-geetest-here]').remove()
         setTimeout(() => form.insertAdjacentHTML('afterbegin', '<div data-geetest-here></div>'), 50)`,
      ],
    ])('draws anew where the page %s', async (_what, act) => {
      const page = await visit({ attributes, action, fetch: true })
      const asked = page.waitForResponse('**/getcaptcha*')
      await page.evaluate(`{ const form = ${FIND}; ${act} }`)
      await asked
      await reach(page, 'ready')
      await login(page).click()
      await solve(page)
      await said(page, 'welcome')
      expect(stage.site.posts).toHaveLength(1)
    })
  })

  it('sends what was solved in fields of its own, where the page has emptied them', async () => {
    const page = await visit({ fetch: true })
    await page.locator('.geetest_radar_btn').click()
    await solve(page)
    await reach(page, 'solved')
    await page.evaluate(`${FIND}.querySelectorAll('input[type=hidden]').forEach((field) => { field.value = '' })`)
    await login(page).click()
    await said(page, 'welcome')
    expect(stage.site.posts).toHaveLength(1)
  })

  it.each([
    ['is removed', 'button.remove()'],
    ['is replaced', 'button.replaceWith(button.cloneNode(true))'],
    ['is disabled', 'button.disabled = true'],
    ['is no submit button any more', "button.type = 'button'"],
    ['belongs to another form', "button.setAttribute('form', 'other')"],
  ])('sends the form though its button %s meanwhile', async (_what, act) => {
    const { page } = await openAt(pageOf(`${form({ attributes: bind })}<form id="other"></form>`))
    await reach(page, 'ready')
    await login(page).click()
    await page.locator('.geetest_slider_button[data-gap]:visible').waitFor()
    await page.evaluate(`{ const button = ${FIND}.querySelector('button'); ${act} }`)
    await solve(page)
    await welcome(page)
    expect(stage.site.posts).toHaveLength(1)
  })

  it.each([
    ['form.submit()', `${FIND}.submit()`],
    ["the prototype's", `HTMLFormElement.prototype.submit.call(${FIND})`],
  ])('holds what a script sends by %s until the captcha is solved', async (_what, act) => {
    const page = await visit({ attributes: bind })
    await page.evaluate(act)
    await page.locator('.geetest_slider_button[data-gap]:visible').waitFor()
    const before = stage.site.posts.length
    await solve(page)
    await welcome(page)
    expect([before, stage.site.posts.length]).toEqual([0, 1])
  })

  it('lets a handler send by script what it has stopped itself', async () => {
    const page = await visit({ attributes: bind })
    await page.evaluate(`${FIND}.addEventListener('submit', (event) => {
      event.preventDefault()
      setTimeout(() => event.target.submit(), 0)
    })`)
    await login(page).click()
    await solve(page)
    await welcome(page)
    expect(stage.site.posts).toHaveLength(1)
  })

  it.each([
    ['geetest', 'submit', 'action', 'id', 'parentNode'],
    ['getAttribute', 'setAttribute', 'removeAttribute', 'querySelector', 'contains'],
    ['requestSubmit', 'dispatchEvent', 'insertBefore', 'appendChild', 'isConnected', 'getRootNode', 'ownerDocument'],
    ['elements', 'method', 'target', 'nodeType', 'form', 'shadowRoot', 'host', 'addEventListener', 'contains', 'type'],
  ])('guards a form whose controls are called %s, %s, …', async (...names) => {
    const more = names.map((name) => `<input type="hidden" name="${name}" value="mine">`).join('')
    const { page } = await openAt(pageOf(form({ attributes: bind, more })))
    await reach(page, 'ready')
    // Playwright's own click asks the form's members.
    await page.evaluate("document.querySelector('#form > button').click()")
    await solve(page)
    await welcome(page)
    expect(stage.site.posts[0]).toMatchObject(Object.fromEntries(names.map((name) => [name, 'mine'])))
  })

  describe('in a shadow root', () => {
    const inShadow = '<div id="host"></div>'
    const grow = (page: Page, mode: string, then = '') =>
      page.evaluate(`{ const root = document.getElementById('host').attachShadow({ mode: '${mode}' })
        root.innerHTML = ${JSON.stringify(form({ attributes: bind }))}
        ${then} }`)

    it('finds a form in an open one by itself', async () => {
      const { page } = await openAt(pageOf(inShadow))
      await grow(page, 'open')
      await reach(page, 'ready')
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('guards a form by hand in a closed one', async () => {
      const { page } = await openAt(pageOf(inShadow))
      const ready = page.evaluate(
        "new Promise((resolve) => addEventListener('geetest:ready', resolve)).then(() => true)",
      )
      await grow(
        page,
        'closed',
        `window.kept = root.querySelector('form'); kept.addEventListener('geetest:ready', () => dispatchEvent(new Event('geetest:ready'))); geetestForm.guard(kept)`,
      )
      await ready
      await page.evaluate("kept.querySelector('button').click()")
      await solve(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })
  })

  it('guards a form by hand that is not marked', async () => {
    const plain = form({ attributes: bind }).replace('data-geetest ', '')
    const { page } = await openAt(pageOf(plain))
    const words = await page.evaluate(
      `{ let said; try { geetestForm.guard({}) } catch (error) { said = error.message } said }`,
    )
    await page.evaluate(`geetestForm.guard(${FIND})`)
    await reach(page, 'ready')
    await logIn(page)
    await welcome(page)
    expect([words, stage.site.posts.length]).toEqual(['geetestForm.guard(form) takes a form element', 1])
  })

  describe('by script', () => {
    it('has the answer for who asks for it, once each, and again where it was not sent', async () => {
      const page = await visit({ attributes: bind })
      const solved = page.evaluate(`${FIND}.geetest.solve()`)
      await solve(page)
      const first = await solved
      const state = await page.locator('#form').getAttribute('data-geetest-state')
      const again = await page.evaluate(`{ const face = ${FIND}.geetest; face.keep(); [face.answer] }`)
      const third = page.evaluate(`(${FIND}.geetest.solve(), ${FIND}.geetest.solve())`)
      await solve(page)
      expect([state, again]).toEqual(['spent', [first]])
      expect(await third).not.toEqual(first)
    })

    it('has none where the visitor closes the check', async () => {
      const page = await visit({ attributes: bind })
      const solved = page.evaluate(`${FIND}.geetest.solve()`)
      await page.locator('.geetest_slider_button[data-gap]:visible').waitFor()
      await page.keyboard.press('Escape')
      expect(await solved).toBeNull()
    })
  })

  it('sends no fields while the server has uses left', async () => {
    const page = await visit({ attributes: bind, fetch: true })
    await logIn(page, 'wrong')
    await said(page, 'wrong_password')
    await page.evaluate(`${FIND}.geetest.keep(2)`)
    await password(page, 'right')
    await login(page).click()
    await said(page, 'missing')
    expect(Object.keys(stage.site.posts[1] ?? {}).filter((name) => name.startsWith('geetest_'))).toEqual([])
  })

  it('keeps its words to itself where the check opens, and after it was closed', async () => {
    const page = await visit({ attributes: bind })
    await login(page).click()
    await page.locator('.geetest_slider_button[data-gap]:visible').waitFor()
    const during = await line(page).innerText()
    await page.keyboard.press('Escape')
    await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
    expect([during, await line(page).innerText()]).toEqual(['', ''])
  })

  it('counts down when too many ask at once, and goes on by itself', async () => {
    const { page } = await open()
    await page.clock.install()
    const busy = { status: 429, headers: { 'Retry-After': '30' }, body: '{}' }
    await page.route('**/getcaptcha*', (route) => route.fulfill(busy), { times: 1 })
    await show(page, pageOf(form({ attributes: bind })))
    await reach(page, 'error')
    const first = await line(page).innerText()
    await login(page).click()
    await page.clock.runFor(10_000)
    const later = await line(page).innerText()
    await page.clock.runFor(20_000)
    await solve(page)
    await welcome(page)
    expect([first, later]).toEqual(['Too many at once. Try again in 30 s', 'Too many at once. Try again in 20 s'])
  })

  describe.each([
    ['popup', 'online', '3'],
    ['bind', 'online', '3'],
    ['bind', 'online', '4'],
    ['popup', 'in an outage', '3'],
    ['bind', 'in an outage', '4'],
  ])('in a dialog, as %s, %s, in version %s', (product, when, version) => {
    const v4 = version === '4'
    const attributes = `data-product="${product}" ${v4 ? 'data-version="4" data-scene="/v4"' : ''}`
    const clipped = 'style="transform:translateX(1px);overflow:hidden;width:150px;height:120px"'

    it('the check lies above the dialog, can be used there, and leaves it open', async () => {
      if (when !== 'online') {
        for (const one of [stage.site.captcha, stage.site.captcha4])
          one.force({ mode: 'down', reason: 'test', seconds: 600 })
      }
      const inside = form({ attributes, action: v4 ? '/login4' : '/login' })
      const { page } = await openAt(pageOf(`<dialog ${clipped}>${inside}</dialog>`))
      await page.evaluate("document.querySelector('dialog').showModal()")
      await reach(page, 'ready')
      await page.evaluate("document.querySelector('#form > button').focus()")
      await page.keyboard.press('Enter')
      let isOpen = true
      if (when === 'online') {
        await page.locator('.geetest_slider_button[data-gap]:visible').waitFor()
        await page.locator('.geetest_panel :focus').waitFor()
        await page.evaluate("window.left = new Promise((done) => addEventListener('geetest:close', () => done())); 0")
        await page.keyboard.press('Escape')
        await page.evaluate('left')
        isOpen = await page.evaluate("document.querySelector('dialog').open")
        await page.evaluate("document.querySelector('#form > button').click()")
        await solve(page)
      }
      await welcome(page)
      expect([isOpen, stage.site.posts.length]).toEqual([true, 1])
    })
  })
})
