import { ok, problem, warning, type Check } from '../check'

export const redis: Check = {
  code: 'redis',
  run: ({ redis }) => {
    if (redis === undefined) return undefined
    if (!('failed' in redis)) {
      const { version } = redis
      return Number.parseInt(version, 10) < 4
        ? problem('redis.old', 'docker run -p 6379:6379 redis:8', { version })
        : ok('redis.ok', { version })
    }
    if (redis.failed === 'no client') return warning('redis.no_client', 'npm install redis')
    return problem(
      'redis.failed',
      'REDIS_URL=redis://host:6379  # user and password before the host, as user:password and an at sign',
      { reason: redis.failed },
    )
  },
}
