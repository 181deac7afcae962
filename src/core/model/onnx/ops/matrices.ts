/** @file Products with a constant matrix: dense layers, on vectors, tokens and maps. */
import { formatShape } from '../../kinds/kind.ts'
import { elementwise, expanded, type OnnxConstant, permuted, reshaped } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { isTensor, matMulOf, operandOf } from '../products.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf, memoryAxes } from '../views.ts'
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
  return expanded(reshaped(constant, [1]), [count])
}

const matMul: OperatorReader = (reading) => {
  const [a, b] = [operandOf(reading, 0), operandOf(reading, 1)]
  const isMatrix = !isTensor(b) && b.shape.length === 2
  if (isTensor(a) && isMatrix && (a.view.axes.length === 2 || isInnermost(a)))
    return product(reading, a, b, [])
  return matMulOf(reading, a, b)
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

/** Whether the last axis of the file is that of the layer, too. */
function isInnermost({ view, shape }: OnnxTensor): boolean {
  const places = memoryAxes(view, shape)
  const last = [...places.keys()].filter((part) => part > 0 && places[part] === shape.length - 1)
  return view.axes.at(-1)!.join() === last.join()
}

function withLastAxis(reading: NodeReading, tensor: OnnxTensor): OnnxTensor {
  return isInnermost(tensor) ? tensor : reading.arranged(tensor, [[1]])
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
