// What the server processes and the crowd agree on.

export type Scene = 'login' | 'comment'

/** Where a scene's plugin is mounted. */
export const MOUNTS: Readonly<Record<Scene, string>> = { login: '', comment: '/comment' }

/** A guarded route; `uses` and `seconds` are the guard's own options. */
export interface GuardedRoute {
  readonly scene: Scene
  readonly uses: number
  readonly seconds: number
}

export const GUARDS = {
  '/login': { scene: 'login', uses: 1, seconds: 120 },
  '/login/again': { scene: 'login', uses: 3, seconds: 120 },
  '/login/brief': { scene: 'login', uses: 2, seconds: 1 },
  '/comment': { scene: 'comment', uses: 1, seconds: 120 },
} as const satisfies Record<string, GuardedRoute>
export type Guarded = keyof typeof GUARDS

/** How often one answer opens what is at `path`. */
export const usesOf = (path: string): number => (path in GUARDS ? GUARDS[path as Guarded].uses : 1)

export const sceneOf = (path: string): Scene => (path.startsWith(MOUNTS.comment) ? 'comment' : 'login')

/** `POST /login` at a node whose clock is ahead, by more than a challenge lives. */
export const AHEAD = '/ahead/login'
export const AHEAD_MS = 601_000

/** A request that a guard let through to its handler. */
export interface Accepted {
  /** The request's own number. */
  readonly id: string
  readonly path: string
  readonly session: string
  readonly scene: string
  readonly via: string
  readonly mode: string
}

/** What a server process tells its parent. */
export type Told =
  | { readonly type: 'ready'; readonly port: number }
  | ({ readonly type: 'accepted' } & Accepted)
  | { readonly type: 'memory'; readonly heap: number; readonly rss: number }
  | { readonly type: 'trouble'; readonly text: string }
