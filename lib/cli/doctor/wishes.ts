import { UsageError } from '../arguments'

/** What the user pointed at. */
export interface Wishes {
  readonly file: string | undefined
  readonly url: string | undefined
  /** Where the plugin is mounted in the app: `/captcha`. */
  readonly prefix: string
  /** The page that is looked at: `/login`. */
  readonly page: string
  /** Which of the app's plugins, by the name of its scene. */
  readonly scene: string | undefined
}

/** @throws UsageError for what is no address of a site */
export function urlOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new UsageError('url', { url: JSON.stringify(text) })
}

/** @throws UsageError for what no app is mounted under */
export function prefixOf(text: string): string {
  const prefix = text.replace(/\/+$/, '')
  if (prefix === '' || /^(\/[\w.~-]+)+$/.test(prefix)) return prefix
  throw new UsageError('prefix', { prefix: JSON.stringify(text) })
}

/** @throws UsageError for what no page is at */
export function pageOf(text: string): string {
  if (/^\/[^\s]*$/.test(text) && !text.startsWith('//')) return text
  throw new UsageError('page', { page: JSON.stringify(text) })
}
