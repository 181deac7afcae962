/** @file Which convolutions compute on WASM in this thread. */

/**
 * `fast`: our kernels, by the rule of the layer's shape (`core/model/convolutionKernels`). `direct`: ours without
 * Winograd, so an output depends on nothing outside of its window, not even by rounding. `tfjs`: those of tfjs' own
 * backend, the reference.
 */
export type Convolutions = 'fast' | 'direct' | 'tfjs'

let chosen: Convolutions = 'fast'

/** From now on, in this thread. */
export function chooseConvolutions(convolutions: Convolutions): void {
  chosen = convolutions
}

export function chosenConvolutions(): Convolutions {
  return chosen
}

/**
 * Does something with other convolutions than usual. The task must not be asynchronous: while it waited, a scan's pass in
 * the same thread would compute with them, too.
 */
export function withConvolutions<T>(convolutions: Convolutions, task: () => T): T {
  const before = chosen
  chosen = convolutions
  try {
    return task()
  } finally {
    chosen = before
  }
}

/** Does something without Winograd; tfjs' convolutions, if they are chosen, stay so. */
export function withoutWinograd<T>(task: () => T): T {
  return withConvolutions(chosen === 'fast' ? 'direct' : chosen, task)
}
