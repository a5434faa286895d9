/** A move of the mouse to a place of the viewport in CSS pixels, or its button. */
export type MouseStep = readonly [x: number, y: number] | 'down' | 'up'

/** A character, or a key by its name; `Shift+` before it holds that one down meanwhile. */
export type Key = string

/**
 * What a browser can be told, whoever drives it. Scripts are ES5, because one of the engines is of 2016, and are the driver's own: a page's
 * Content-Security-Policy does not concern them.
 */
export interface Driver {
  /** Resolves once the page has loaded. */
  goto(url: string): Promise<void>
  /** The value of an expression, as JSON has it; rejects while a page gives way to the next. */
  evaluate<T>(expression: string): Promise<T>
  mouse(steps: readonly MouseStep[]): Promise<void>
  keys(keys: readonly Key[]): Promise<void>
  /** Forgets all cookies: whoever comes next is a newcomer. */
  forget(): Promise<void>
  close(): Promise<void>
}

export interface Engine {
  readonly name: string
  /** The program's path; undefined where it is not installed. */
  readonly program: string | undefined
  /** What to do where it is not installed. */
  readonly advice: string
  /** One that takes part in nothing but the essential journeys, because of its age. */
  readonly aged?: true
  readonly launch: () => Promise<Driver>
}

/** The size of the window's inside, in CSS pixels. */
export const [WIDTH, HEIGHT] = [1280, 800]
