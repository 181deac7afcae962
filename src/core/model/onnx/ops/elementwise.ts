/** @file Arithmetic on each number by itself, of tensors and constants in any order, and operators that change nothing. */
import type { Arithmetic, Choice, PointwiseFunction } from '../../network.ts'
import { besideTensor, broadcastTensors } from '../broadcasting.ts'
import { formatShape } from '../../kinds/kind.ts'
import { broadcastShape, givenConstant, type OnnxConstant } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { widened } from '../repeating.ts'
import type { OnnxTensor, OnnxValue } from '../values.ts'
import { dimsOf } from '../views.ts'

const binary =
  (fn: Arithmetic): OperatorReader =>
  (reading) => {
    const [a, b] = reading.inputs
    if (!a || !b) throw new Error(`it has ${a || b ? 'one input' : 'no inputs'} instead of two`)
    return joined(reading, fn, ...once(reading, a, b), null)
  }

/** Both without what is repeated, if the other one repeats it just as well; else in full. */
function once(reading: NodeReading, a: OnnxValue, b: OnnxValue): readonly [OnnxValue, OnnxValue] {
  const repeated = [a, b].some((value) => value.kind === 'tensor' && value.repeated)
  if (!repeated) return [a, b]
  const dims = (value: OnnxValue): readonly number[] =>
    value.kind === 'tensor' ? dimsOf(value.view) : value.constant.shape
  const inFile = (value: OnnxValue): readonly number[] =>
    (value.kind === 'tensor' && value.repeated) || dims(value)
  const shape = broadcastShape([inFile(a), inFile(b)])
  if (formatShape(broadcastShape([dims(a), dims(b)])) !== formatShape(shape))
    return [reading.value(0), reading.value(1)]
  const plain = (value: OnnxValue): OnnxValue =>
    value.kind === 'tensor'
      ? { kind: value.kind, layer: value.layer, shape: value.shape, view: value.view }
      : value
  return [plain(a), plain(b)]
}

function joined(
  reading: NodeReading,
  fn: Arithmetic,
  a: OnnxValue,
  b: OnnxValue,
  part: string | null,
): OnnxTensor {
  if (a.kind === 'tensor' && b.kind === 'tensor') {
    const { tensors, view } = broadcastTensors(reading, [a, b])
    return { ...reading.layer({ kind: 'merge', fn }, tensors, [], [], { part }), view }
  }
  if (a.kind === 'tensor' && b.kind === 'constant')
    return withConstant(reading, fn, a, b.constant, false, part)
  if (a.kind === 'constant' && b.kind === 'tensor')
    return withConstant(reading, fn, b, a.constant, true, part)
  throw new Error('it does not depend on the image')
}

export function withConstant(
  reading: NodeReading,
  fn: Arithmetic,
  tensor: OnnxTensor,
  constant: OnnxConstant,
  constantFirst: boolean,
  part: string | null = null,
): OnnxTensor {
  const input = widened(reading, tensor, constant.shape)
  const own = besideTensor(constant, input)
  const { shape } = own
  if (!shape.every((n) => n === 1))
    return reading.inPlace({ kind: 'withConstant', fn, constant: { shape }, constantFirst }, input, [own], {
      part,
    })
  const [value] = own.numbers()
  if (value === undefined || !Number.isFinite(value)) throw new Error('its constant is no finite number')
  return reading.inPlace({ kind: 'withConstant', fn, constant: value, constantFirst }, input, [], { part })
}

/** Of any number of inputs, in their order. */
const nary =
  (fn: Arithmetic, end?: (reading: NodeReading, sum: OnnxTensor) => OnnxTensor): OperatorReader =>
  (reading) => {
    const [first, ...rest] = reading.inputs.map((_, i) => reading.value(i))
    const steps = end ? rest.length : rest.length - 1
    const all = rest.reduce(
      (sum, value, i) => joined(reading, fn, sum, value, i < steps ? `step ${i + 1}` : null),
      first!,
    )
    if (all.kind !== 'tensor') throw new Error('it does not depend on the image')
    return end ? end(reading, all) : all
  }

const power: OperatorReader = (reading) => {
  const [base, exponent] = [reading.value(0), reading.value(1)]
  const value = exponent?.kind === 'constant' && exponent.constant.numbers()
  const input = reading.tensor(0)
  if (base?.kind !== 'tensor' || !value || value.length !== 1)
    return joined(reading, 'power', base!, exponent!, null)
  if (value[0] === 1) return input
  if (value[0] === 2) return joined(reading, 'multiply', input, input, null)
  if (value[0] === 0.5) return reading.inPlace({ kind: 'pointwise', fn: 'sqrt' }, input)
  return withConstant(reading, 'power', input, reading.constant(1), false)
}

const pointwise =
  (fn: PointwiseFunction): OperatorReader =>
  (reading) =>
    reading.inPlace({ kind: 'pointwise', fn }, reading.tensor(0))

const negative: OperatorReader = (reading) =>
  reading.inPlace(
    { kind: 'withConstant', fn: 'multiply', constant: -1, constantFirst: false },
    reading.tensor(0),
  )

/** Changes nothing when the network predicts: stands for what it reads. */
const same: OperatorReader = (reading) => reading.tensor(0)

const dropout: OperatorReader = (reading) => {
  reading.attributes.ignore('ratio', 'is_test')
  const training = reading.inputs[2]
  if (training?.kind === 'constant' && training.constant.numbers()[0])
    throw new Error('it drops numbers at random, as the model was exported in training mode')
  return reading.tensor(0)
}

/** Numbers are computed as float32; those of fewer digits only lie in the file so. */
const cast: OperatorReader = (reading) => {
  const to = reading.attributes.number('to', 1)
  if (to === bool)
    return withConstant(reading, 'notEqual', reading.tensor(0), givenConstant('', [], [0], 'float32'), false)
  if (!floats.has(to)) throw new Error('it makes whole numbers of those of the image')
  return reading.tensor(0)
}

const floats = new Set([1, 10, 11, 16])

const bool = 9

/** A tensor, a number or an array of weights each; constants as they lie beside the tensors. */
const where: OperatorReader = (reading) => {
  const values = reading.inputs.map((_, i) => reading.value(i))
  const tensors = values.filter((value) => value.kind === 'tensor')
  const joint = broadcastTensors(reading, tensors)
  const shape = broadcastShape(joint.tensors.map((tensor) => tensor.shape))
  const beside = { ...tensors[0]!, view: joint.view, shape }
  const arrays: OnnxConstant[] = []
  const operands = values.map((value): Choice => {
    if (value.kind === 'tensor') return 'input'
    const own = besideTensor(value.constant, beside)
    if (own.shape.every((n) => n === 1)) return own.numbers()[0]!
    arrays.push(own)
    return { shape: own.shape }
  }) as unknown as readonly [Choice, Choice, Choice]
  return { ...reading.layer({ kind: 'where', operands }, joint.tensors, [], arrays), view: joint.view }
}

export const elementwise: Readonly<Record<string, OperatorReader>> = {
  Add: binary('add'),
  Sub: binary('subtract'),
  Mul: binary('multiply'),
  Div: binary('divide'),
  Pow: power,
  Sum: nary('add'),
  Max: nary('maximum'),
  Min: nary('minimum'),
  Mean: nary('add', (reading, sum) =>
    reading.inPlace(
      { kind: 'withConstant', fn: 'multiply', constant: 1 / reading.inputs.length, constantFirst: false },
      sum,
    ),
  ),
  Greater: binary('greater'),
  GreaterOrEqual: binary('greaterOrEqual'),
  Less: binary('less'),
  LessOrEqual: binary('lessOrEqual'),
  Equal: binary('equal'),
  // Masks are 0 and 1.
  And: binary('multiply'),
  Or: binary('maximum'),
  Xor: binary('notEqual'),
  Not: (reading) =>
    reading.inPlace(
      { kind: 'withConstant', fn: 'equal', constant: 0, constantFirst: false },
      reading.tensor(0),
    ),
  Where: where,
  Neg: negative,
  Sqrt: pointwise('sqrt'),
  Reciprocal: pointwise('reciprocal'),
  Log: pointwise('log'),
  Erf: pointwise('erf'),
  Floor: pointwise('floor'),
  Ceil: pointwise('ceil'),
  Round: pointwise('round'),
  Sign: pointwise('sign'),
  Sin: pointwise('sin'),
  Cos: pointwise('cos'),
  IsNaN: pointwise('isNaN'),
  Identity: same,
  Dropout: dropout,
  Cast: cast,
  CastLike: same,
}
