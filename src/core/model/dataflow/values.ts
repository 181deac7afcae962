/** @file The values that the nodes of a graph give each other: a layer's output, a constant, or lengths of shapes. */
import type { OperationOf, Pair, Shape } from '../network.ts'

/** An array of the file, or one computed from such; its numbers are read anew at each call. */
export interface GraphConstant {
  /** The name of the first constant of the file that it is made of. */
  readonly name: string
  readonly shape: Shape
  readonly type: string
  /** Returns null if the stored type does not convert to float32 without a doubt. */
  floats(): Float32Array | null
}

/** A length, or the number of images, which stays open. */
export type Length = number | 'batch'

export interface TensorValue {
  readonly kind: 'tensor'
  /** Index of the layer. */
  readonly layer: number
  /** As the graph has it, without the batch; `[]` for one number an image, which is a vector of one in the network. */
  readonly shape: Shape
}

export interface ConstantValue {
  readonly kind: 'constant'
  readonly constant: GraphConstant
}

/** The shape of a value, and what is computed from it. */
export interface LengthsValue {
  readonly kind: 'lengths'
  readonly lengths: readonly Length[]
  /** A single one without an axis. */
  readonly scalar: boolean
}

/**
 * Rows and columns that are spread over the batch, `block` of them apart, until they come back behind a convolution,
 * which is a dilated one then.
 */
export interface SpacedValue {
  readonly kind: 'spaced'
  readonly source: TensorValue
  readonly block: Pair
  readonly rows: Pair
  readonly columns: Pair
  readonly convolution: {
    readonly op: OperationOf<'conv'> | OperationOf<'depthwiseConv'>
    readonly weights: readonly GraphConstant[]
  } | null
}

/** The only image of a batch of one, without the axis of the batch, until it gets that back. */
export interface AloneValue {
  readonly kind: 'alone'
  readonly source: TensorValue
}

export type Value = TensorValue | ConstantValue | LengthsValue | SpacedValue | AloneValue

export function constantValue(constant: GraphConstant): ConstantValue {
  return { kind: 'constant', constant }
}

/** Longer ones are weights, no lengths. */
const mostLengths = 64

/** The lengths that a value holds; throws a plain Error if it holds none. */
export function lengthsOf(value: Value | undefined): LengthsValue {
  if (value?.kind === 'lengths') return value
  if (value?.kind === 'constant') {
    const { shape } = value.constant
    const count = shape.reduce((product, n) => product * n, 1)
    const numbers = count <= mostLengths ? value.constant.floats() : null
    if (numbers) return { kind: 'lengths', lengths: [...numbers], scalar: shape.length === 0 }
  }
  throw new Error('it needs lengths that are known beforehand')
}

/** As `lengthsOf`, if none depends on the number of images; else it throws a plain Error. */
export function numbersOf(value: Value | undefined): readonly number[] {
  return lengthsOf(value).lengths.map((length) => {
    if (length === 'batch') throw new Error('it depends on the number of images')
    return length
  })
}

/** The network's shape for a graph's: one number an image is a vector of one. */
export function networkShape(shape: Shape): Shape {
  return shape.length === 0 ? [1] : shape
}
