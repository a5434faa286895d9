import { ok, warning, type Check } from '../check'

const MOST_SECONDS = 60

export const clock: Check = {
  code: 'clock',
  run: ({ cloud }) => {
    if (cloud?.ahead === undefined || Number.isNaN(cloud.ahead)) return undefined
    const seconds = Math.round(Math.abs(cloud.ahead) / 1000)
    if (seconds <= MOST_SECONDS) return ok('clock.ok')
    return warning(cloud.ahead > 0 ? 'clock.ahead' : 'clock.behind', 'timedatectl set-ntp true', { seconds })
  },
}
