// What was skipped for want of a program, said once, with what to install. Under CI=true the same suites fail by themselves.
const SAID = /^\s*(.+): (?:skipped,|NOT RUN:) (.+)$/gm
const INSTALL = [
  [/chromium/i, 'chromium chromium-headless-shell fonts-dejavu-core fonts-noto-cjk'],
  [/firefox/i, 'firefox-esr'],
  [/webkitgtk/i, 'webkit2gtk-driver xvfb'],
  [/qtwebkit/i, 'python3-pyqt5.qtwebkit'],
  [/redis/i, 'redis-server'],
]

export function skips(outputs) {
  const suites = new Map()
  for (const output of outputs)
    for (const [, suite, advice] of output.matchAll(SAID))
      suites.set(advice, (suites.get(advice) ?? new Set()).add(suite.trim()))
  return [...suites].map(([advice, names]) => {
    const packages = INSTALL.filter(([word]) => word.test(advice)).map(([, name]) => name)
    const remedy = packages.length > 0 ? `\n  apt-get install ${packages.join(' ')}` : ''
    return `SKIPPED ${names.size} ${names.size === 1 ? 'suite' : 'suites'} (${[...names].join(', ')}): ${advice}${remedy}`
  })
}
