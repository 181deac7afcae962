/** @file What the nodes of a file give each other: a layer's output as the file sees it, or a constant. */
import type { TensorValue } from '../dataflow/values.ts'
import type { OnnxConstant } from './constants.ts'
import { memoryAxes, type View } from './views.ts'

/** `shape` is always the layer's; the file's is `dimsOf(view)`. */
export interface OnnxTensor extends TensorValue {
  readonly view: View
  /**
   * The shape in the file, if numbers are repeated in it. Nothing is repeated in memory: beside another tensor of that shape one
   * number is enough.
   */
  readonly repeated?: readonly number[]
  /** No axis of the layer counts places: channels are compared with channels. */
  readonly placeless?: true
}

export interface OnnxConstantValue {
  readonly kind: 'constant'
  readonly constant: OnnxConstant
}

/** Lengths of shapes are constants: the network is read for one image, or as many as the file fixes. */
export type OnnxValue = OnnxTensor | OnnxConstantValue

export function constantValue(constant: OnnxConstant): OnnxConstantValue {
  return { kind: 'constant', constant }
}

/** The tensor's axes in the order of memory: what lies innermost in the layer, or else axis 1, is the channels. */
export function usualGroups({ view, shape }: OnnxTensor): readonly (readonly number[])[] {
  const innermost = view.parts.length - 1
  const isThere = memoryAxes(view, shape)[innermost] === shape.length - 1
  const found = isThere ? view.axes.findIndex((list) => list.includes(innermost)) : -1
  const channels = found < 1 ? 1 : found
  const others = [...view.axes.keys()].filter((axis) => axis > 0 && axis !== channels)
  return [...others.map((axis) => [axis]), [channels]]
}
