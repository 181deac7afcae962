/** @file Operations on each number by itself: arithmetic, and normalization with stored statistics. */
import { formatShape } from '../../kinds/kind.ts'
import type { Arithmetic, Shape } from '../../network.ts'
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import { type GraphConstant, networkShape, type TensorValue } from '../../dataflow/values.ts'
import { channelsLast } from './windows.ts'

const arithmetic =
  (fn: Arithmetic): OperationReader =>
  (reading) => {
    const [a, b] = reading.inputs
    if (a?.kind === 'constant') return withConstant(reading, fn, reading.tensor(1), a.constant, true)
    if (b?.kind === 'constant') return withConstant(reading, fn, reading.tensor(0), b.constant, false)
    return merged(reading, fn, [reading.tensor(0), reading.tensor(1)])
  }

function merged(
  reading: NodeReading,
  fn: Arithmetic,
  inputs: readonly TensorValue[],
  part: string | null = null,
): TensorValue {
  const ranks = new Set(inputs.map(({ shape }) => shape.length))
  // TensorFlow would match the batch of one with an axis of the other.
  if (ranks.size > 1)
    throw new Error(`it joins ${inputs.map(({ shape }) => formatShape(shape)).join(' and ')}`)
  const scalars = inputs[0]!.shape.length === 0 ? { shape: [] } : {}
  return reading.layer({ kind: 'merge', fn }, inputs, [], { part, ...scalars })
}

function withConstant(
  reading: NodeReading,
  fn: Arithmetic,
  input: TensorValue,
  constant: GraphConstant,
  constantFirst: boolean,
  part: string | null = null,
): TensorValue {
  const shape = besideImages(constant, input.shape)
  const options = { part, shape: input.shape, note: normalizationNote(reading) }
  if (shape.every((n) => n === 1)) {
    const [value] = constant.floats() ?? []
    if (value === undefined || !Number.isFinite(value)) throw new Error(`its constant is ${value}`)
    return reading.layer({ kind: 'withConstant', fn, constant: value, constantFirst }, [input], [], options)
  }
  return reading.layer(
    { kind: 'withConstant', fn, constant: { shape }, constantFirst },
    [input],
    [constant],
    options,
  )
}

/** The shape of a constant that is the same for all images; throws if it would widen the image's. */
export function besideImages({ shape }: GraphConstant, input: Shape): Shape {
  const own = shape.length === input.length + 1 && shape[0] === 1 ? shape.slice(1) : shape
  const beside = networkShape(input).slice(networkShape(input).length - own.length)
  if (own.length > networkShape(input).length || own.some((n, axis) => n !== 1 && n !== beside[axis]))
    throw new Error(`its constant of shape ${formatShape(shape)} does not fit ${formatShape(input)}`)
  return own
}

function normalizationNote({ node }: NodeReading): string | undefined {
  return /FusedBatchNorm|batch_?norm/i.test(node.name)
    ? 'It is a part of a batch normalization, which the converter has taken apart.'
    : undefined
}

const batchNorm: OperationReader = (reading) => {
  channelsLast(reading)
  const { attributes } = reading
  if (attributes.flag('is_training')) attributes.refuse('is_training', true)
  // TensorFlow's default.
  const epsilon = attributes.float('epsilon', 1e-4)
  const weights = [1, 2, 3, 4].map((i) => reading.constant(i))
  return reading.layer(
    { kind: 'batchNorm', axis: -1, epsilon, scale: true, center: true },
    [reading.tensor(0)],
    weights,
  )
}

const biasAdd: OperationReader = (reading) => {
  channelsLast(reading)
  return withConstant(reading, 'add', reading.tensor(0), reading.constant(1), false)
}

const squaredDifference: OperationReader = (reading) => {
  const [a, b] = reading.inputs
  const part = 'difference'
  const constant = a?.kind === 'constant' ? a : b?.kind === 'constant' ? b : null
  const difference = constant
    ? withConstant(
        reading,
        'subtract',
        reading.tensor(constant === a ? 1 : 0),
        constant.constant,
        false,
        part,
      )
    : merged(reading, 'subtract', [reading.tensor(0), reading.tensor(1)], part)
  return merged(reading, 'multiply', [difference, difference])
}

const clip: OperationReader = (reading) => {
  const [low, high] = [reading.constant(1), reading.constant(2)]
  const raised = withConstant(reading, 'maximum', reading.tensor(0), low, false, 'lower limit')
  return withConstant(reading, 'minimum', raised, high, false)
}

const negative: OperationReader = (reading) => {
  const input = reading.tensor(0)
  const op = { kind: 'withConstant', fn: 'multiply', constant: -1, constantFirst: false } as const
  return reading.layer(op, [input], [], { shape: input.shape })
}

/** Changes nothing when the network predicts: stands for what it reads. */
const same: OperationReader = (reading) => {
  reading.attributes.ignore('Truncate', 'shape')
  const to = reading.attributes.type('DstT')
  if (!['', 'DT_FLOAT', 'DT_DOUBLE', '1', '2'].includes(to)) reading.attributes.refuse('DstT', to)
  return reading.tensor(0)
}

export const elementwise: Readonly<Record<string, OperationReader>> = {
  Add: arithmetic('add'),
  AddV2: arithmetic('add'),
  AddN: (reading) =>
    merged(
      reading,
      'add',
      reading.inputs.map((_, i) => reading.tensor(i)),
    ),
  Sub: arithmetic('subtract'),
  Mul: arithmetic('multiply'),
  RealDiv: arithmetic('divide'),
  Div: arithmetic('divide'),
  Maximum: arithmetic('maximum'),
  Minimum: arithmetic('minimum'),
  SquaredDifference: squaredDifference,
  Square: (reading) => merged(reading, 'multiply', [reading.tensor(0), reading.tensor(0)]),
  Neg: negative,
  ClipByValue: clip,
  BiasAdd: biasAdd,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  Identity: same,
  StopGradient: same,
  PreventGradient: same,
  CheckNumerics: same,
  Snapshot: same,
  EnsureShape: same,
  PlaceholderWithDefault: same,
  IdentityN: (reading) => reading.inputs.map((_, i) => reading.tensor(i)),
  Cast: same,
}
