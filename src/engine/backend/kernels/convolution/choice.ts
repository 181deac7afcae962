/** @file Which convolutions compute on WASM in this thread. */

/**
 * `fast`: our kernels, by the rule of the layer's shape (`shape.kernelFor`). `direct`: ours without Winograd, so an output
 * depends on nothing outside of its window, not even by rounding. `tfjs`: those of tfjs' own backend, the reference.
 */
export type Convolutions = 'fast' | 'direct' | 'tfjs'

/**
 * Scans still use tfjs' kernels: results of ours differ from theirs in the last bits, and what a faster forward pass asks
 * of the rest (proofs, the self test, the size of a pass, decoding) is not done yet. The bench and the tests choose ours.
 */
let chosen: Convolutions = 'tfjs'

/** From now on, in this thread. */
export function chooseConvolutions(convolutions: Convolutions): void {
  chosen = convolutions
}

export function chosenConvolutions(): Convolutions {
  return chosen
}

/** Does something with other convolutions than usual. */
export async function withConvolutions<T>(convolutions: Convolutions, task: () => Promise<T>): Promise<T> {
  const before = chosen
  chosen = convolutions
  try {
    return await task()
  } finally {
    chosen = before
  }
}
