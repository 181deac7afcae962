/** @file Rows and columns that the user may choose for a network that leaves them open. */
import type { Pair } from './network.ts'

/** The largest networks take so much; more is a slip of the keyboard. */
export const largestInput = 4096

export function isInputSize(value: unknown): value is Pair {
  const fits = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= largestInput
  return Array.isArray(value) && value.length === 2 && value.every(fits)
}
