/** The answer, or a rejection after that many milliseconds: nothing that the doctor looks at may keep it waiting. */
export function inTime<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/** Why something failed, in the few words that programs have for it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Several addresses were tried; the first one's reason is as good as any.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : []
  if (first !== undefined) return reasonOf(first)
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
