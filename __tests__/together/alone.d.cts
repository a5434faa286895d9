/** Every server test file, from `__tests__`. */
export const all: readonly string[]
/** Those of them that need a process to themselves. */
export const alone: readonly string[]
