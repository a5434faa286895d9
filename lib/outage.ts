/** Whether the cloud answers, since when, and why we think so. */
export interface CloudStatus {
  readonly mode: 'up' | 'down'
  /** When this mode began, in ms since 1970. */
  readonly since: number
  /** Why the cloud counts as down (`timeout`, `network`, `status`, `garbage`, `id_refused`); absent while it is up. */
  readonly cause?: string
}

export interface Outage {
  readonly status: CloudStatus
  /** Tells what became of one upstream call: `undefined` for an answer, else why there was none. */
  report(cause: string | undefined): void
}

/**
 * Remembers how the last upstream call went. Every visitor is still tried online first; whoever meets a dead cloud is
 * served in downtime mode alone.
 */
export function createOutage(now: () => number, onChange: (status: CloudStatus) => void): Outage {
  let status: CloudStatus = { mode: 'up', since: now() }
  return {
    get status() {
      return status
    },
    report(cause) {
      if ((cause === undefined) === (status.mode === 'up')) return
      status = cause === undefined ? { mode: 'up', since: now() } : { mode: 'down', since: now(), cause }
      onChange(status)
    },
  }
}
