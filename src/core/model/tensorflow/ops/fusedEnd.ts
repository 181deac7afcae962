/** @file The bias and activation that TensorFlow's optimiser has fused into a convolution or a product. */
import type { Activation, Affine } from '../../network.ts'
import type { NodeReading } from '../nodeReading.ts'
import type { GraphConstant } from '../../dataflow/values.ts'

export interface FusedEnd extends Affine {
  /** The bias, if there is one. */
  readonly weights: readonly GraphConstant[]
  /** The slopes of a PReLU, which becomes a layer of its own behind this one. */
  readonly slopes: GraphConstant | null
}

const activations: Readonly<Record<string, Activation>> = {
  Relu: { fn: 'relu' },
  Relu6: { fn: 'relu6' },
  Elu: { fn: 'elu' },
  Sigmoid: { fn: 'sigmoid' },
  Tanh: { fn: 'tanh' },
}

/** `first` is the index of the first fused operand. */
export function fusedEnd(reading: NodeReading, first: number): FusedEnd {
  const { attributes } = reading
  const fused = attributes.texts('fused_ops')
  attributes.ignore('epsilon')
  const slope = attributes.float('leakyrelu_alpha', 0.2)
  const bias = fused[0] === 'BiasAdd'
  const rest = bias ? fused.slice(1) : fused
  const weights = bias ? [reading.constant(first)] : []
  const [name] = rest
  const end = { bias, weights, slopes: null }
  if (name === undefined) return { ...end, activation: { fn: 'linear' } }
  if (rest.length > 1) attributes.refuse('fused_ops', fused)
  if (name === 'LeakyRelu') return { ...end, activation: { fn: 'leaky_relu', slope } }
  if (name === 'Prelu')
    return { ...end, activation: { fn: 'linear' }, slopes: reading.constant(first + weights.length) }
  const activation = activations[name]
  return activation ? { ...end, activation } : attributes.refuse('fused_ops', fused)
}

/** TensorFlow.js folds normalizations when it converts; the names of nodes and constants still tell. */
export function foldingNote(reading: NodeReading, { bias }: Affine): string | undefined {
  const constants = reading.inputs.flatMap((value) =>
    value.kind === 'constant' ? [value.constant.name] : [],
  )
  const tells = [reading.node.name, ...constants].some((name) =>
    /_bn_offset|FusedBatchNorm|batch_?norm|\/bn\b/i.test(name),
  )
  if (!tells) return undefined
  const where = bias ? 'kernel and bias' : 'kernel'
  return `A batch normalization is folded into its ${where}: the converter merged the two layers.`
}
