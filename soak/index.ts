// A crowd against three server processes, while their cloud, their Redis and they themselves are broken again and again; and
// an audit of everyone who got in. `npm run soak` for 100,000 logins, `npm run soak:small` for about a minute.
import { complete } from './completeness'
import { hasRedis } from './redis'
import { report } from './report'
import { soak } from './run'
import { settingsFrom } from './settings'

async function main(): Promise<boolean> {
  const settings = settingsFrom(process.argv.slice(2), process.env)
  if (!hasRedis()) {
    console.error('soak: NOT RUN: there is no redis-server on the PATH (Debian: apt-get install redis-server)')
    return !process.env.CI
  }
  console.log(`soak: at least ${settings.logins} logins and ${settings.seconds} seconds`)
  const seen = await soak(settings, (text) => console.log(text))
  complete(seen)
  return report(seen, (text) => console.log(text))
}

// So that what was started ends as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

main()
  .then((held) => process.exit(held ? 0 : 1))
  .catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
