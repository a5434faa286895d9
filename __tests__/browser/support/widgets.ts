import type { Page } from 'playwright-core'
import { act } from './captcha'
import type { OpenTab, Tab } from './chromium'
import { box, setOffline } from './offline'

type Options = Parameters<OpenTab>[0]

/** A widget, as far as the object that it hands to the page goes. */
export interface Widget {
  /** A page on which the captcha has been made. */
  readonly made: (config?: object, then?: string, options?: Options) => Promise<Tab>
  /** A popup that is open, and stays so until the visitor does something. */
  readonly opened: (config?: object) => Promise<Page>
  /** Does what the visitor has to do in a check that the page has opened. */
  readonly solveOpen: (page: Page) => Promise<void>
  /** The same where it stands in the page. */
  readonly solve: (page: Page) => Promise<void>
}

/** The checkbox of the site itself, in an outage. */
export function checkbox(open: OpenTab): Widget {
  const stage = setOffline(open)
  return {
    made: (config, then, options) => stage.made('quick', config, then, options),
    opened: async (config) => {
      const page = await stage.ready('endless', { product: 'popup', ...config })
      await act(page, 'show()')
      return page
    },
    // It begins by itself.
    solveOpen: async () => {},
    solve: (page) => box(page).click(),
  }
}
