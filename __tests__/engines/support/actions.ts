// Mouse and keys in the words of WebDriver, which its two protocols share.
import type { Key, MouseStep } from './driver'

/** Code points of keys that write nothing, as WebDriver has them. */
const KEYS: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Escape: '\uE00C',
  Space: ' ',
  ArrowRight: '\uE014',
}

export const mouseActions = (steps: readonly MouseStep[]): object[] => [
  {
    type: 'pointer',
    id: 'mouse',
    parameters: { pointerType: 'mouse' },
    actions: steps.map((step) => {
      if (step === 'down') return { type: 'pointerDown', button: 0 }
      if (step === 'up') return { type: 'pointerUp', button: 0 }
      const [x, y] = step
      return { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0, origin: 'viewport' }
    }),
  },
]

export const keyActions = (keys: readonly Key[]): object[] => [
  { type: 'key', id: 'keyboard', actions: keys.flatMap(strokes) },
]

function strokes(key: Key): object[] {
  const [held, name] = key.startsWith('Shift+') ? ['Shift', key.slice(6)] : [undefined, key]
  const press = [stroke('keyDown', name), stroke('keyUp', name)]
  return held === undefined ? press : [stroke('keyDown', held), ...press, stroke('keyUp', held)]
}

const stroke = (type: string, name: string): object => ({ type, value: KEYS[name] ?? name })
