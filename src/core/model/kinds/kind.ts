/** @file What a kind of layer must tell: how its configuration is read, its shapes, and what a unit depends on. */
import type { OperationKind, OperationOf, Shape, WeightSpec } from '../network.ts'
import type { LayerConfig } from './layerConfig.ts'

/**
 * How a unit of the output depends on one axis of an input: output index `i` sees input indices
 * `[i * stride - before, i * stride - before + size)`, unclipped. `'whole'`: it sees all of it.
 */
export type Reach = { readonly size: number; readonly stride: number; readonly before: number } | 'whole'

export const samePlace: Reach = { size: 1, stride: 1, before: 0 }

export interface LayerKind<K extends OperationKind> {
  readonly kind: K
  /** Keras class names that this kind implements, read by `parse`. */
  readonly classNames: readonly string[]
  /** Throws `model/unsupported-option` for anything that is not computed exactly. */
  parse(config: LayerConfig): OperationOf<K>
  /** Throws a plain Error where the inputs do not fit. */
  shape(op: OperationOf<K>, inputs: readonly Shape[]): Shape
  weights(op: OperationOf<K>, input: Shape): readonly WeightSpec[]
  /** `axis` 0 is rows, 1 is columns; `length` is the input's extent along it. */
  reach(op: OperationOf<K>, axis: 0 | 1, length: number): Reach
  /** Why scanning this layer would tell nothing new; absent where it would. */
  readonly pointless?: string
}

/** For the shape rules: the `[H, W, C]` of the only input. */
export function mapShape(inputs: readonly Shape[]): readonly [number, number, number] {
  const [shape] = inputs
  if (shape?.length !== 3)
    throw new Error(`it needs a map of rows, columns and channels, not ${formatShape(shape ?? [])}`)
  return shape as readonly [number, number, number]
}

/** For layers that work along the channels: refuses any other axis. `axis` counts the batch. */
export function lastAxis(axis: number, inputs: readonly Shape[]): Shape {
  const shape = inputs[0]!
  if (axis !== -1 && axis !== shape.length)
    throw new Error(`it works along axis ${axis}, not along the channels`)
  return shape
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
