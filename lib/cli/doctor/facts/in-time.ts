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
  if (typeof error !== 'object' || error === null) return String(error)
  const { message, code, errors } = error as { message?: string; code?: string; errors?: unknown }
  // Several addresses were tried; the first one's reason is as good as any.
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0])
  return [message, code].find((word) => typeof word === 'string' && word !== '') ?? 'unknown'
}
