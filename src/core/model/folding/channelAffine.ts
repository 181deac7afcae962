/** @file Layers that multiply each channel by a number and add one: `y = x · factor + offset`. */
import type { Operation, OperationOf, Shape, SupportedLayer } from '../network.ts'
import { channelCount, elementCount } from '../network.ts'

/** In double precision, one of each a channel: the numbers are rounded once, in the weights that they end in. */
export interface ChannelAffine {
  readonly factors: Float64Array
  readonly offsets: Float64Array
}

/** Keras' `backend.epsilon()`, the least deviation of a `Normalization`. */
const leastDeviation = 1e-7

/** Whether a layer is affine in each channel. `identity` is too, but has no numbers to fold. */
export function isChannelAffine({ op, shape }: SupportedLayer): boolean {
  switch (op.kind) {
    case 'batchNorm':
    case 'normalization':
    case 'rescale':
      return true
    case 'withConstant':
      return (
        isAffineArithmetic(op) && (typeof op.constant === 'number' || isPerChannel(op.constant.shape, shape))
      )
    default:
      return false
  }
}

function isAffineArithmetic({ fn, constantFirst }: OperationOf<'withConstant'>): boolean {
  return fn === 'add' || fn === 'subtract' || fn === 'multiply' || (fn === 'divide' && !constantFirst)
}

function isPerChannel(constant: Shape, shape: Shape): boolean {
  const count = elementCount(constant)
  return count === 1 || (count === channelCount(shape) && channelCount(constant) === count)
}

/** Whether 0 stays 0, whatever the layer's weights are. */
export function keepsZero(op: Operation): boolean {
  if (op.kind === 'rescale') return op.offset.every((number) => number === 0)
  return op.kind === 'withConstant' && (op.fn === 'multiply' || op.fn === 'divide')
}

/** Of a layer for which `isChannelAffine`; `arrays` are its weights. */
export function channelAffine(layer: SupportedLayer, arrays: readonly ArrayLike<number>[]): ChannelAffine {
  const numbers = numbersOf(layer.op, arrays)
  const each = Array.from({ length: channelCount(layer.shape) }, (_, c) => numbers(c))
  return {
    factors: Float64Array.from(each, ([factor]) => factor),
    offsets: Float64Array.from(each, ([, offset]) => offset),
  }
}

/** The factor and offset of a channel. */
type Numbers = (channel: number) => readonly [factor: number, offset: number]

function numbersOf(op: Operation, arrays: readonly ArrayLike<number>[]): Numbers {
  switch (op.kind) {
    case 'batchNorm':
      return ofBatchNorm(op, arrays)
    case 'normalization':
      return ofNormalization(op, arrays)
    case 'rescale':
      return (c) => [at(op.scale, c), at(op.offset, c)]
    case 'withConstant':
      return ofConstant(op, typeof op.constant === 'number' ? [op.constant] : arrays[0]!)
    default:
      throw new Error(`a layer of the kind ${op.kind} is not affine`)
  }
}

/** The number of a channel among one a channel, or one for all. */
function at(numbers: ArrayLike<number>, channel: number): number {
  return numbers[numbers.length === 1 ? 0 : channel]!
}

function ofBatchNorm(op: OperationOf<'batchNorm'>, arrays: readonly ArrayLike<number>[]): Numbers {
  const rest = [...arrays]
  const gamma = op.scale ? rest.shift()! : [1]
  const beta = op.center ? rest.shift()! : [0]
  const [mean, variance] = rest as [ArrayLike<number>, ArrayLike<number>]
  return (c) => {
    const factor = at(gamma, c) / Math.sqrt(variance[c]! + op.epsilon)
    return [factor, at(beta, c) - mean[c]! * factor]
  }
}

function ofNormalization(op: OperationOf<'normalization'>, arrays: readonly ArrayLike<number>[]): Numbers {
  const means = op.constants?.mean ?? arrays[0]!
  const variances = op.constants?.variance ?? arrays[1]!
  return (c) => {
    const [mean, deviation] = [at(means, c), Math.max(Math.sqrt(at(variances, c)), leastDeviation)]
    return op.invert ? [deviation, mean] : [1 / deviation, -mean / deviation]
  }
}

function ofConstant(
  { fn, constantFirst }: OperationOf<'withConstant'>,
  constants: ArrayLike<number>,
): Numbers {
  return (c) => {
    const constant = at(constants, c)
    if (fn === 'multiply') return [constant, 0]
    if (fn === 'divide') return [1 / constant, 0]
    if (fn === 'add') return [1, constant]
    return constantFirst ? [-1, constant] : [1, -constant]
  }
}

/** `second` of `first`; null does nothing. */
export function chained(first: ChannelAffine | null, second: ChannelAffine): ChannelAffine {
  if (!first) return second
  return {
    factors: second.factors.map((factor, c) => factor * first.factors[c]!),
    offsets: second.offsets.map((offset, c) => first.offsets[c]! * second.factors[c]! + offset),
  }
}
