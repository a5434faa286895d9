import { GeetestError } from '../errors'
import type { DowntimeProvider } from './provider'

/** In an outage this form is closed: the widget says so, and every answer is `downtime_denied`. */
export const deny: DowntimeProvider = {
  name: 'deny',
  script: 'gt-offline',
  issue: () => '0',
  verify() {
    throw GeetestError.because('downtime_denied')
  },
}

/** In an outage everyone passes who asks, once per challenge; each time is an event. */
export const allow: DowntimeProvider = {
  name: 'allow',
  script: 'gt-offline',
  issue: () => '1.1.0',
  verify: () => true,
}
