/** @file Which outputs of a network are answers, and what the answer for an image of a class should be. */
import { answerLayer } from '../preprocessing/guess/prediction.ts'
import type { Network } from '../model/network.ts'
import { endsInSoftmax } from '../model/outputs.ts'
import { shuffle } from '../seededRandom.ts'

/** Kinds that leave it to the layer before them what outputs are. */
const passedOn: ReadonlySet<string> = new Set([
  'activation',
  'softmax',
  'identity',
  'reshape',
  'flatten',
  'rearrange',
  'withConstant',
  'rescale',
])

/**
 * Whether the outputs are an answer, so that the largest one counts: there are names for them, or the network ends in a softmax or a
 * dense layer. A network that ends in a map or in pooled features gives no answer.
 */
export function givesAnswer(network: Network, output: number, hasNames: boolean): boolean {
  if (answerLayer(network) !== output) return false
  if (hasNames || endsInSoftmax(network)) return true
  for (let i = output; ;) {
    const { op, inputs } = network.layers[i]!
    if (op?.kind === 'dense' || op?.kind === 'matMul') return true
    if (!op || !passedOn.has(op.kind) || inputs.length !== 1) return false
    i = inputs[0]!
  }
}

/** All images in an order that depends on the seed alone: the first n of them are a sample of n, and part of every larger one. */
export function seededOrder(images: ArrayLike<number>, random: () => number): Int32Array {
  const order = Int32Array.from(images)
  shuffle(order, random)
  return order
}
