/** @file Products with a constant matrix: dense layers, on vectors, tokens and maps. */
import { formatShape } from '../../kinds/kind.ts'
import { elementwise, type OnnxConstant, permuted } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf, isByImage, memoryAxes } from '../views.ts'
import { withLength } from './slicing.ts'

const linear = { fn: 'linear' } as const

/** `alpha · A · B + beta · C` */
const gemm: OperatorReader = (reading) => {
  const { attributes } = reading
  if (attributes.flag('transA')) attributes.refuse('transA', 1)
  const tensor = reading.tensor(0)
  if (dimsOf(tensor.view).length !== 2) throw new Error(`it multiplies ${formatShape(dimsOf(tensor.view))}`)
  const matrix = reading.constant(1)
  const turned = attributes.flag('transB') ? permuted(matrix, [1, 0]) : matrix
  const kernel = scaled(turned, attributes.number('alpha', 1))
  const beta = attributes.number('beta', 1)
  const bias = reading.inputs[2] ? [scaled(reading.constant(2), beta)] : []
  const units = kernel.shape[1]!
  const wide = bias.map((one) => (one.shape.every((n) => n === 1) && units > 1 ? repeated(one, units) : one))
  return product(reading, tensor, kernel, wide)
}

function scaled(constant: OnnxConstant, factor: number): OnnxConstant {
  return factor === 1 ? constant : elementwise(constant, (n) => factor * n)
}

function repeated(constant: OnnxConstant, count: number): OnnxConstant {
  return { ...constant, shape: [count], floats: () => new Float32Array(count).fill(constant.numbers()[0]!) }
}

const matMul: OperatorReader = (reading) => {
  const [first, second] = reading.inputs
  if (first?.kind !== 'tensor' || second?.kind !== 'constant')
    throw new Error(
      `it multiplies ${wordsOf(reading, 0)} with ${wordsOf(reading, 1)}, which Urpatch does not compute`,
    )
  const matrix = reading.constant(1)
  if (matrix.shape.length !== 2) throw new Error(`its matrix has shape ${formatShape(matrix.shape)}`)
  return product(reading, first, matrix, [])
}

function wordsOf(reading: NodeReading, index: number): string {
  const value = reading.inputs[index]
  return value?.kind === 'tensor'
    ? formatShape(dimsOf(value.view))
    : `a constant of ${formatShape(value?.constant.shape ?? [])}`
}

/** Along the last axis of the file's tensor. */
function product(
  reading: NodeReading,
  tensor: OnnxTensor,
  kernel: OnnxConstant,
  bias: readonly OnnxConstant[],
): OnnxTensor {
  const dims = dimsOf(tensor.view)
  const [depth, units] = kernel.shape as [number, number]
  if (dims.at(-1) !== depth)
    throw new Error(`it multiplies ${formatShape(dims)} with a matrix of ${formatShape(kernel.shape)}`)
  const input = withLastAxis(reading, tensor)
  const last = input.view.axes.at(-1)!
  const op = { kind: 'dense', units, bias: bias.length > 0, activation: linear } as const
  const value = reading.layer(op, [input], [], [kernel, ...bias])
  return { ...value, view: last.length > 0 ? withLength(input.view, last, units) : withNewLast(input, units) }
}

/** A layer whose last axis is the last one of the file. */
function withLastAxis(reading: NodeReading, tensor: OnnxTensor): OnnxTensor {
  const { view, shape } = tensor
  if (!isByImage(view)) throw new Error('it mixes images of the batch')
  const places = memoryAxes(view, shape)
  const own = view.axes.at(-1)!
  const last = [...places.keys()].filter((part) => part > 0 && places[part] === shape.length - 1)
  if (own.join() === last.join()) return tensor
  if (view.axes.length === 4)
    throw new Error(`it works along the columns of ${formatShape(dimsOf(view))}, not along the channels`)
  return reading.arranged(
    tensor,
    view.axes.slice(1).map((_, i) => [i + 1]),
  )
}

/** The view of a product along an axis of length 1. */
function withNewLast({ view }: OnnxTensor, units: number): OnnxTensor['view'] {
  if (units === 1) return view
  const part = view.parts.length
  return { parts: [...view.parts, units], axes: [...view.axes.slice(0, -1), [part]] }
}

export const matrices: Readonly<Record<string, OperatorReader>> = {
  Gemm: gemm,
  MatMul: matMul,
}
