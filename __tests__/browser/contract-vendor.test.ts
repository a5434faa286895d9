import type { Page } from 'playwright-core'
import type { SimulatorOptions } from '../../lib/simulator'
import { act, bar, drag, handle, names, setStage, waitFor, type Happened } from './support/captcha'
import { setStage4 } from './support/captcha-v4'
import { describeInChromium, type OpenTab } from './support/chromium'
import { challenges, setOffline } from './support/offline'
import { factsUnder, type Fact } from './support/protocol'

/** What a page with a captcha on it is made by. */
type Make = (config: object, then?: string) => Promise<Page>
/** What a line of the tables says, tried out; the answer is what stands in the cell. */
type Probe = (make: Make, product: string) => Promise<unknown>
type Probes = Readonly<Record<string, Probe>>

/** Whether the check is open or being opened, seen in the very turn in which something was done: nothing has to be waited for. */
const OPENS = `(!!document.querySelector('script[src*="/ajax.php"]') ||
  !!document.querySelector('.geetest_popup_wrap .geetest_panel, .geetest_float_wrap .geetest_panel'))`

const config = (product: string) => ({ product, area: product === 'custom' ? '#area' : undefined })

async function ready(make: Make, product: string, then?: string): Promise<Page> {
  const page = await make(config(product), then)
  await waitFor(page, 'Ready')
  return page
}

/** Does something, then what a visitor or a page would do to open the check; says what came of each. */
const afterwards =
  (call: string): Probe =>
  async (make, product) => {
    const page = await ready(make, product)
    return page.evaluate(`(function () {
      var before = happened.length
      captcha.${call}
      if (${OPENS}) return 'opens'
      var said = happened.slice(before).map(function (one) { return 'on' + one.event })
      if (${JSON.stringify(product)} === 'bind') captcha.verify()
      else document.querySelector('.geetest_radar_tip').click()
      return said.concat(${OPENS} ? [] : 'dead').join(', ') || 'nothing'
    })()`)
  }

async function openIt(page: Page, product: string): Promise<void> {
  if (product === 'custom') await page.evaluate("area.style.cssText = 'width: 400px; height: 350px'")
  await (product === 'bind' ? act(page, 'verify()') : bar(page).click())
  await handle(page).waitFor()
}

const events = (happened: readonly Happened[]): string =>
  names([...happened])
    .map((name) => `on${name}`)
    .join(', ')

const solve = async (make: Make, product: string, then?: string): Promise<Page> => {
  const page = await ready(make, product, then)
  await openIt(page, product)
  await drag(page)
  await waitFor(page, 'Success')
  return page
}

/** Says in `window.seen` how far the page is when an event comes. */
const watching = (event: string, look: string) =>
  `captcha.on${event}(function () { window.seen = window.seen || ${look} }); captcha.appendTo('#captcha')`
const KNOWN = "(captcha.getValidate() ? 'answer' : String(captcha.getValidate()))"
const INPUTS = "(document.querySelector('[name=geetest_validate]').value ? 'filled' : 'empty')"

const errorsOf =
  (then: string): Probe =>
  async (make, product) => {
    const page = await make(config(product), then)
    return (await waitFor(page, 'Error')).find(({ event }) => event === 'Error')?.value?.code
  }

const V3: Probes = {
  'show() before the visitor has pressed': afterwards('show()'),
  'show() before the check was opened': afterwards('show()'),
  'hide() before the visitor has pressed': afterwards('hide()'),
  'verify()': afterwards('verify()'),
  'verify() before onReady': async (make, product) => {
    const page = await make(config(product), 'captcha.verify()')
    await waitFor(page, 'Ready')
    // One that opens does so in the turn in which it is ready.
    return page.evaluate(
      `new Promise(function (done) { setTimeout(function () { done(${OPENS} ? 'opens' : 'nothing') }, 0) })`,
    )
  },
  'a press on .geetest_radar_tip': async (make, product) => {
    const page = await ready(make, product)
    return page.evaluate(`(document.querySelector('.geetest_radar_tip').click(), ${OPENS} ? 'opens' : 'nothing')`)
  },
  'reset() before the visitor has passed': async (make, product) => {
    const page = await ready(make, product)
    return page.evaluate(`(function () {
      var before = document.querySelector('.geetest_holder').className
      captcha.reset()
      return document.querySelector('.geetest_holder').className === before ? 'nothing' : 'new round'
    })()`)
  },
  'a solved check: events': async (make, product) => events(await waitFor(await solve(make, product), 'Success')),
  'a failed try: events': async (make, product) => {
    const page = await ready(make, product)
    await openIt(page, product)
    await drag(page, 25)
    await page.waitForSelector('.geetest_panel_fail')
    // Whatever is told of it is told in the next turn.
    await page.evaluate('new Promise(function (done) { setTimeout(done, 50) })')
    return events(await waitFor(page, 'Ready'))
  },
  'a check that is closed and opened: events': async (make, product) => {
    const page = await ready(make, product)
    await openIt(page, product)
    await page.click('.geetest_close')
    await bar(page).click()
    await handle(page).waitFor()
    return events(await waitFor(page, 'Close'))
  },
  'getValidate() before the visitor has passed': async (make, product) =>
    (await ready(make, product)).evaluate('String(captcha.getValidate())'),
  'getValidate() in onClose of a solved check': async (make, product) =>
    (await solve(make, product, watching('Close', KNOWN))).evaluate('seen'),
  'the hidden inputs in onClose of a solved check': async (make, product) =>
    (await solve(make, product, watching('Close', INPUTS))).evaluate('seen'),
  'the hidden inputs in onSuccess': async (make, product) =>
    (await solve(make, product, watching('Success', INPUTS))).evaluate('seen'),
  'getValidate() after reset()': async (make, product) => {
    const page = await solve(make, product)
    await act(page, 'reset()')
    await page.waitForSelector('.geetest_holder.geetest_ready')
    return page.evaluate('String(captcha.getValidate())')
  },
  'the challenge after reset()': async (make, product) => {
    const page = await solve(make, product)
    const given = page.waitForResponse(/reset\.php/).then((response) => response.text())
    await act(page, 'reset()')
    const challenge = /"challenge":"(\w+)"/.exec(await given)?.[1]
    await page.waitForSelector('.geetest_holder.geetest_ready')
    await openIt(page, product)
    await drag(page)
    await waitFor(page, 'Success', 2)
    const answer = (await act(page, 'getValidate()')) as Record<string, string>
    return answer.geetest_challenge?.slice(0, -2) === challenge ? 'what reset.php gives' : 'another'
  },
  'getValidate() after destroy()': async (make, product) =>
    (await ready(make, product)).evaluate('(captcha.destroy(), String(captcha.getValidate()))'),
  'destroy() answers': async (make, product) =>
    (await ready(make, product)).evaluate(
      "(function (said) { return said === captcha ? 'the object' : String(said) })(captcha.destroy())",
    ),
  'the argument of onReady': async (make, product) =>
    (
      await ready(
        make,
        product,
        "captcha.onReady(function (value) { window.seen = String(value) }); captcha.appendTo('#captcha')",
      )
    ).evaluate('seen'),
  'a handler of onReady that comes late': async (make, product) =>
    (await ready(make, product)).evaluate(`new Promise(function (done) {
      captcha.onReady(function () { done('is called') })
      setTimeout(done, 200, 'is not called')
    })`),
  'a handler that is no function': errorsOf("captcha.onReady('none').appendTo('#captcha')"),
  'a handler of onReady that throws': errorsOf("captcha.onReady(function () { throw 1 }).appendTo('#captcha')"),
  'appendTo an element that is not there': errorsOf("captcha.appendTo('#nowhere')"),
  'bindForm to an element that is not there': errorsOf("captcha.bindForm('#nowhere')"),
  'bindButton to an element that is not there': errorsOf("captcha.bindButton('#nowhere')"),
  'a press on the button of bindButton, in a form': async (make, product) => {
    const page = await ready(
      make,
      product,
      "captcha.bindButton('#submit'); form.addEventListener('submit', function (e) { e.preventDefault(); window.submitted = true })",
    )
    if (
      await page.evaluate(
        "!document.querySelector('.geetest_holder') || !document.body.contains(document.querySelector('.geetest_holder'))",
      )
    )
      return page.evaluate(
        `(submit.click(), [${OPENS} ? 'opens' : 'nothing'].concat(window.submitted ? 'submits' : []).join(', '))`,
      )
    return 'a bar'
  },
}

const methodsOf = (make: Make, product = 'popup') =>
  ready(make, product).then((page) => page.evaluate<string[]>('Object.keys(captcha)'))

/** The lines of a table, as far as this column says anything. */
const saying = (facts: readonly Fact[], column: string) =>
  facts
    .filter(({ cells }) => cells[column])
    .map(({ does, product, cells }) => [does, product, cells[column] as string] as const)

const methods = factsUnder('Version 3: methods')
const facts = factsUnder('Version 3: what they do')

function testTable(column: string, make: Make, more: Probes = {}): void {
  it('has the methods of the table, and no others but those in the text', async () => {
    const written = methods.filter(({ cells }) => cells[column] === 'yes').map(({ does }) => does)
    const beside = new Set(['setInfos', 'validate'])
    const known = (await methodsOf(make)).filter((name) => !beside.has(name))
    expect(known.toSorted()).toEqual(written.toSorted())
  })

  it.each(saying(facts, column))('%s (%s): %s', async (does, product, cell) => {
    const probe = { ...V3, ...more }[does]
    if (probe === undefined)
      throw new Error(`nothing here tries out ${JSON.stringify(does)}, a line of docs/protocol.md`)
    expect(await probe(make, product)).toBe(cell)
  })
}

/** The cloud fails somewhere, and then does not. */
function failing(stage: ReturnType<typeof setStage>): Probes {
  return {
    'get.php does not answer': async (make, product) => {
      await stage.scene.simulator.fault('500', { endpoint: 'get' })
      const page = await make(config(product))
      const code = (await waitFor(page, 'Error'))[0]?.value?.code
      return `${code}, ${(await bar(page).count()) ? 'a bar' : 'no bar'}`
    },
    'ajax.php does not answer, then a press on the bar': async (make, product) => {
      const page = await ready(make, product)
      await stage.scene.simulator.fault('500', { endpoint: 'ajax' })
      await bar(page).click()
      const code = (await waitFor(page, 'Error')).at(-1)?.value?.code
      await stage.scene.simulator.fault('none')
      await bar(page).click()
      await handle(page).waitFor()
      return `${code}, opens`
    },
  }
}

const inTheSimulator = (open: OpenTab, options: SimulatorOptions): { make: Make; more: Probes } => {
  const stage = setStage(open, options)
  return { make: (what, then) => stage.made(what, {}, then).then(({ page }) => page), more: failing(stage) }
}

describeInChromium('docs/protocol.md: fullpage 9.0.9', (open) => {
  const { make, more } = inTheSimulator(open, {})
  testTable('fullpage 9.0.9', make, more)
})

describeInChromium('docs/protocol.md: fullpage 9.1.0', (open) => {
  const { make, more } = inTheSimulator(open, { widget: 'fullpage-9.1.0' })
  testTable('fullpage 9.1.0', make, more)
})

describeInChromium('docs/protocol.md: our own in an outage', (open) => {
  const stage = setOffline(open)
  testTable('In an outage', (what, then) => stage.made('endless', what, then).then(({ page }) => page))
})

async function opened4(make: Make, product: string): Promise<Page> {
  const page = await make(config(product))
  await waitFor(page, 'NextReady')
  await (product === 'bind' ? act(page, 'showCaptcha()') : page.click('.geetest_btn_click'))
  await waitFor(page, 'BoxShow')
  return page
}

async function solve4(make: Make, product: string): Promise<Page> {
  const page = await opened4(make, product)
  await drag(page)
  await waitFor(page, 'Success')
  return page
}

const ARGUMENT = (happened: readonly Happened[], name: string) =>
  Object.keys(happened.find(({ event }) => event === name)?.value ?? {})
    .toSorted()
    .join(', ')

/** Whether the box opens: waited for where it is to, looked for a moment later where it is not. */
const opensBox = async (page: Page, product: string): Promise<string> => {
  if (product === 'bind') await waitFor(page, 'BoxShow')
  else await page.evaluate('new Promise(function (done) { setTimeout(done, 300) })')
  return events(await waitFor(page, 'Ready')).includes('onBoxShow') ? 'opens' : 'nothing'
}

const V4: Probes = {
  nothing: async (make, product) => events(await waitFor(await make(config(product)), 'NextReady')),
  'the argument of onNextReady': async (make, product) =>
    ARGUMENT(await waitFor(await make(config(product)), 'NextReady'), 'NextReady'),
  'showCaptcha()': async (make, product) => {
    const page = await make(config(product))
    await waitFor(page, 'NextReady')
    await act(page, 'showCaptcha()')
    return opensBox(page, product)
  },
  'showCaptcha() before onReady': async (make, product) =>
    opensBox(await make(config(product), 'captcha.showCaptcha()'), product),
  'a press on .geetest_btn_click': async (make, product) => {
    await opened4(make, product)
    return 'opens'
  },
  'a solved check: events': async (make, product) => events(await waitFor(await solve4(make, product), 'Success')),
  'a failed try: events': async (make, product) => {
    const page = await opened4(make, product)
    await drag(page, 25)
    return events(await waitFor(page, 'NextReady', 2))
  },
  'the argument of onFail': async (make, product) => {
    const page = await opened4((what, then) => make({ ...what, challenge: 'a-visit' }, then), product)
    await drag(page, 25)
    return ARGUMENT(await waitFor(page, 'Fail'), 'Fail')
  },
  'reset() before the visitor has passed': async (make, product) => {
    const page = await make(config(product))
    await waitFor(page, 'NextReady')
    return page.evaluate(
      `(captcha.reset(), document.querySelector('.geetest_holder.geetest_ready') ? 'nothing' : 'new round')`,
    )
  },
  'reset() after the visitor has passed': async (make, product) => {
    const page = await solve4(make, product)
    await page.evaluate('(happened.length = 0, captcha.reset())')
    return events(await waitFor(page, 'NextReady'))
  },
  'getValidate() after reset()': async (make, product) =>
    (await solve4(make, product)).evaluate('(captcha.reset(), String(captcha.getValidate()))'),
  'a handler of onReady that comes late': V3['a handler of onReady that comes late'] as Probe,
  'appendTo an element that is not there': errorsOf("captcha.appendTo('#nowhere')"),
}

const methods4 = factsUnder('Version 4: methods')
const facts4 = factsUnder('Version 4: what they do')

/** What each method answers before the visitor has passed. */
function testMethods4(column: string, make: Make): void {
  it.each(saying(methods4, column))('%s%s answers %s', async (method, _product, cell) => {
    const page = await ready(make, 'popup')
    const argument = method === 'appendTo' ? "'#second'" : method.startsWith('on') ? 'String' : ''
    expect(
      await page.evaluate(
        `(function (said) { return said === captcha ? 'the object' : String(said) })(captcha.${method}(${argument}))`,
      ),
    ).toBe(cell)
  })
}

function testTable4(column: string, options: SimulatorOptions, open: OpenTab): void {
  const stage = setStage4(open, options)
  const make: Make = (what, then) => stage.made(what, {}, then).then(({ page }) => page)

  testMethods4(column, make)

  it('has no methods but those of the table and of the text', async () => {
    const known = await methodsOf(make)
    const written = [...methods4.map(({ does }) => does), 'isOffline', 'uploadExtraData']
    expect(known.toSorted()).toEqual(written.toSorted())
  })

  it.each(saying(facts4, column))('%s (%s): %s', async (does, product, cell) => {
    const probe = V4[does]
    if (probe === undefined)
      throw new Error(`nothing here tries out ${JSON.stringify(does)}, a line of docs/protocol.md`)
    expect(await probe(make, product)).toBe(cell)
  })
}

describeInChromium('docs/protocol.md: gcaptcha4 of 2024', (open) => {
  testTable4('gcaptcha4 2024', {}, open)
})

describeInChromium('docs/protocol.md: gcaptcha4 of 2022', (open) => {
  testTable4('gcaptcha4 2022', { widgetV4: 'gcaptcha4-2022' }, open)
})

describeInChromium('docs/protocol.md: our own of version 4 in an outage', (open) => {
  const stage = setStage4(open)
  beforeAll(() => {
    const issued = { success: 0, gt: stage.simulator.captchaId, new_captcha: true }
    stage.site.serve({
      '/getcaptcha': (response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/json' })
          .end(JSON.stringify({ ...issued, challenge: challenges.endless() })),
    })
  })
  const nobody = { apiServers: ['127.0.0.1:9'] }
  testMethods4('In an outage', (what, then) => stage.made({ ...nobody, ...what }, {}, then).then(({ page }) => page))
})

describeInChromium('docs/protocol.md: a visitor whom the cloud trusts', (open) => {
  const stage = setStage(open, { puzzle: false })

  it.each(['float', 'popup', 'bind'])('passes without a puzzle, and nothing is said to close (%s)', async (product) => {
    const page = await stage.ready(config(product))
    await (product === 'bind' ? act(page, 'verify()') : bar(page).click())
    expect(events(await waitFor(page, 'Success'))).toBe('onReady, onSuccess')
  })
})
