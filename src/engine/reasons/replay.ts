/** @file Computes some layers again from maps that are known, each on its own and by the engine's kernels. */
import * as tf from '@tensorflow/tfjs'
import type { Operation, SupportedLayer } from '../../core/model/network.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { runKernel } from '../model/kernels/index.ts'

/**
 * The output of a layer, computed from the outputs in `known`, which stay the caller's. Layers in `linear` are computed without
 * their activation. The result is the caller's. Throws for a layer that neither is known nor has inputs that are.
 */
export function replayed(
  network: TapNetwork,
  known: ReadonlyMap<number, tf.Tensor>,
  layer: number,
  linear: ReadonlySet<number> = new Set(),
): tf.Tensor {
  return tf.tidy(() => {
    const outputs = new Map(known)
    for (const index of between(network, known, layer)) {
      const { op, inputs } = network.network.layers[index] as SupportedLayer
      const from = inputs.map((input) => outputs.get(input)!)
      const own = linear.has(index) ? withoutActivation(op) : op
      outputs.set(index, runKernel(own, from, network.weightsOf(index)))
    }
    return tf.clone(outputs.get(layer)!)
  })
}

/** The layers that have to be computed, in the network's order. */
function between(network: TapNetwork, known: ReadonlyMap<number, unknown>, layer: number): number[] {
  const needed = new Set<number>()
  const ahead = [layer]
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    if (known.has(at) || needed.has(at)) continue
    const { inputs } = network.network.layers[at]!
    if (inputs.length === 0) throw new Error('a layer is computed from maps that are not known')
    needed.add(at)
    ahead.push(...inputs)
  }
  return [...needed].toSorted((a, b) => a - b)
}

function withoutActivation(op: Operation): Operation {
  return 'activation' in op && op.kind !== 'activation' ? { ...op, activation: { fn: 'linear' } } : op
}
