/** @file What a network answers: its outputs, the largest first. */
import type { Network } from './network.ts'

export interface Output {
  readonly index: number
  readonly value: number
}

/** Whether the last layer is a softmax, so that outputs are probabilities. A logarithm of one is none. */
export function endsInSoftmax({ layers }: Network): boolean {
  const op = layers.at(-1)?.op
  if (!op) return false
  if (op.kind === 'softmax') return !op.log
  return 'activation' in op && op.activation.fn === 'softmax'
}

/** The largest outputs; equal ones by their index. Those that are not numbers are left out. */
export function topOutputs(values: ArrayLike<number>, most: number): Output[] {
  return Array.from(values, (value, index) => ({ index, value }))
    .filter(({ value }) => !Number.isNaN(value))
    .toSorted((a, b) => (a.value === b.value ? a.index - b.index : b.value > a.value ? 1 : -1))
    .slice(0, most)
}
