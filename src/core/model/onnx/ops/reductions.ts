/** @file Means, maxima and sums along axes. */
import type { OperationOf } from '../../network.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf, squeezedView } from '../views.ts'
import { axesInMemory, isWholeInMemory } from './normalizations.ts'
import { pooledWhole } from './pooling.ts'
import { axesOf, counted } from './reshaping.ts'
import { withLength } from './slicing.ts'

type Reduce = OperationOf<'reduce'>['fn']

const reduce =
  (fn: Reduce, axesAreInputSince: number): OperatorReader =>
  (reading) => {
    const input = reading.tensor(0)
    const dims = dimsOf(input.view)
    const given = axesOf(reading, 1, axesAreInputSince)
    const keeps = reading.attributes.flag('keepdims', true)
    if (reading.attributes.flag('noop_with_empty_axes') && !given) return input
    const axes = counted(given ?? [...dims.keys()], dims.length).toSorted((a, b) => a - b)
    if (reading.batch !== 1 && axes.some((axis) => input.view.axes[axis]!.includes(0)))
      throw new Error('it mixes images of the batch')
    const tensor = isWholeInMemory(input, axes) ? input : reading.apart(input, axes)
    const isMap = tensor.shape.length === 3 && tensor.view.axes.length === 4
    const along = axesInMemory(tensor, axes)
    const pool = fn === 'mean' ? 'average' : fn === 'max' ? 'max' : null
    // The whole map of each channel: a pooling.
    if (pool && isMap && axes.join() === '2,3' && along.every((axis) => axis < 2))
      return pooledWhole(reading, pool, keeps)
    if (along.length === 0) return squeezed(tensor, axes, keeps)
    return reducedAlong(reading, fn, tensor, axes, along, keeps)
  }

function reducedAlong(
  reading: NodeReading,
  fn: Reduce,
  tensor: OnnxTensor,
  axes: readonly number[],
  along: readonly number[],
  keeps: boolean,
): OnnxTensor {
  const value = reading.layer({ kind: 'reduce', fn, axes: along }, [tensor], [])
  const view = axes.reduce((before, axis) => {
    const own = before.axes[axis]!.filter((part) => part !== 0)
    return own.length > 0 ? withLength(before, own, 1) : before
  }, tensor.view)
  return squeezed({ ...value, view }, axes, keeps)
}

function squeezed(tensor: OnnxTensor, axes: readonly number[], keeps: boolean): OnnxTensor {
  return keeps ? tensor : { ...tensor, view: squeezedView(tensor.view, axes) }
}

export const reductions: Readonly<Record<string, OperatorReader>> = {
  ReduceMean: reduce('mean', 18),
  ReduceMax: reduce('max', 18),
  ReduceMin: reduce('min', 18),
  ReduceSum: reduce('sum', 13),
  ReduceL1: reduce('l1', 18),
  ReduceL2: reduce('l2', 18),
  ReduceSumSquare: reduce('sumSquare', 18),
}
