/** The vendor's widgets that the simulator can behave like, the strictest first: which that is stands in docs/protocol.md. */
export const widgets = ['fullpage-9.0.9', 'fullpage-9.1.0'] as const
/** The same of version 4; the vendor gives these no numbers, so they go by the year they were seen in. */
export const widgetsV4 = ['gcaptcha4-2024', 'gcaptcha4-2022'] as const

export type WidgetName = (typeof widgets)[number]
export type WidgetNameV4 = (typeof widgetsV4)[number]

/** The script of a widget, told which version it is: by the argument of a function around it, so that pages see nothing of it. */
export const asVersion = (script: string, name: WidgetName | WidgetNameV4): string =>
  `(function (SIMULATED_WIDGET) {${script}})(${JSON.stringify(name)})`

/** @throws RangeError unless `value` is one of `allowed` */
export function checkOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return
  const list = allowed.map((name) => `'${name}'`).join(' or ')
  throw new RangeError(`simulator: ${option} is ${JSON.stringify(value)}; write ${list}`)
}
