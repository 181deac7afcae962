/** @file Which layers a pass has to compute, and how long each map is needed. */
import type { Network } from './network.ts'

/**
 * How often the output of each layer that `taps` need is read: by layers, and once by its tap. After its last reader a
 * map can be freed.
 */
export function readerCounts(network: Network, taps: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>([...taps].map((tap) => [tap, 1]))
  for (let i = network.layers.length - 1; i >= 0; i--) {
    if (!counts.has(i)) continue
    for (const j of network.layers[i]!.inputs) counts.set(j, (counts.get(j) ?? 0) + 1)
  }
  return counts
}

/** The same for the steps of a pass, which are all needed. */
export function stepReaderCounts(
  steps: readonly { readonly inputs: readonly number[] }[],
  taps: Iterable<number>,
): Map<number, number> {
  const counts = new Map<number, number>([...taps].map((tap) => [tap, 1]))
  for (const input of steps.flatMap(({ inputs }) => inputs)) counts.set(input, (counts.get(input) ?? 0) + 1)
  return counts
}
