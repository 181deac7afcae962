/**
 * @file The network up to what a layer's activation is applied to. A unit that is 0 behind a ReLU has no slope, and a probability
 * near 1 hardly any; what comes before rises on, and is highest at the same picture if the activation never falls.
 */
import type { Network, Operation, SupportedLayer } from '../model/network.ts'

export interface BeforeActivation {
  readonly network: Network
  /** The layer in that network whose unit, at the same place, rises with the unit that was asked for. */
  readonly layer: number
}

export function beforeActivation(network: Network, layer: number): BeforeActivation {
  const { op, inputs } = network.layers[layer] as SupportedLayer
  if (op.kind === 'identity') return beforeActivation(network, inputs[0]!)
  if (!('activation' in op) || op.activation.fn === 'linear' || op.activation.fn === 'abs')
    return { network, layer }
  if (op.kind === 'activation') return beforeActivation(network, inputs[0]!)
  const layers = network.layers.map((one, i) =>
    i === layer
      ? { ...(one as SupportedLayer), op: { ...op, activation: { fn: 'linear' } } as Operation }
      : one,
  )
  return { network: { ...network, layers }, layer }
}
