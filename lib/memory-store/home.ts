import type { Entry } from './entry'

/** The newest of what its network holds. */
export function joinHome(entry: Entry): void {
  const { home } = entry
  entry.elder = home.newest
  if (home.newest) home.newest.junior = entry
  else home.oldest = entry
  home.newest = entry
}

export function leaveHome(entry: Entry): void {
  const { home, elder, junior } = entry
  if (elder) elder.junior = junior
  else home.oldest = junior
  if (junior) junior.elder = elder
  else home.newest = elder
  entry.elder = entry.junior = undefined
}
