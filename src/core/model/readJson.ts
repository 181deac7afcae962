/** @file Reads JSON that another program wrote: a value is what it has to be, or the reason is given in words. */

export type Json = Readonly<Record<string, unknown>>

/** Throws a plain Error with `problem` if the value is no object. */
export function object(value: unknown, problem: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(problem)
  return value as Json
}

/** Throws a plain Error with `problem` if the value is no list. */
export function list(value: unknown, problem: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(problem)
  return value as unknown[]
}
