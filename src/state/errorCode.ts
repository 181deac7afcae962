/** @file What an error is about. Errors of a worker keep their code, not their class. */

/** Null where it is none of ours. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
