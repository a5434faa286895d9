import type { Page } from 'playwright-core'

/** A page, and what went wrong and over the network in it. */
export interface Tab {
  readonly page: Page
  /** Exceptions that nobody caught. */
  readonly exceptions: string[]
  /** Addresses of all requests, in order. */
  readonly requests: string[]
}

export function watch(page: Page): Tab {
  const tab: Tab = { page, exceptions: [], requests: [] }
  page.on('pageerror', (error) => tab.exceptions.push(error.message))
  page.on('request', (request) => tab.requests.push(request.url()))
  return tab
}
