/** @file What a kind of layer is, whatever a file writes it as: its shapes, its weights, and what a unit depends on. */
import type { MapShape, OperationKind, OperationOf, Shape, WeightSpec } from '../network.ts'
import { isMap } from '../units.ts'

/** Half open: rows or columns `[first, end)` of a map. */
export type Interval = readonly [first: number, end: number]

/** The way of an interval: from a layer's output to one of its inputs, along one axis. */
export interface Edge {
  /** 0 is rows, 1 is columns. */
  readonly axis: 0 | 1
  /** Which of the inputs. */
  readonly input: number
  readonly inputs: readonly Shape[]
  readonly output: Shape
}

/**
 * The receptive field of an interval of output units in one input, not clipped: the units may lie beyond the map's edge,
 * and the field may hang over the input's edge. `'whole'`: all of the input. `'context'`: the units depend on it only
 * through statistics of the whole map, the same for every unit, which by definition does not widen the receptive field.
 */
export type Reach = Interval | 'whole' | 'context'

export const samePlace = (_op: unknown, _edge: Edge, interval: Interval): Reach => interval

export interface LayerKind<K extends OperationKind> {
  readonly kind: K
  /** Throws a plain Error if the inputs do not fit. */
  shape(op: OperationOf<K>, inputs: readonly Shape[]): Shape
  weights(op: OperationOf<K>, input: Shape): readonly WeightSpec[]
  reach(op: OperationOf<K>, edge: Edge, interval: Interval): Reach
  /** As `reach`, if that holds places of the input that no unit depends on as others hang over the edge. `interval` lies within the map. */
  reachWithin?(op: OperationOf<K>, edge: Edge, interval: Interval): Reach
  /** Whether units depend on statistics of the whole map besides their reach, as in group normalization. */
  globalStatistics?(op: OperationOf<K>, inputs: readonly Shape[]): boolean
  /** Why a scan of this layer would tell nothing new; absent if it would. */
  readonly pointless?: string
}

/** The `[H, W, C]` of the only input; throws a plain Error if it is no map. */
export function mapShape(inputs: readonly Shape[]): MapShape {
  const [shape = []] = inputs
  if (!isMap(shape))
    throw new Error(`it needs a map of rows, columns and channels, not ${formatShape(shape)}`)
  return shape
}

/** The input's shape, for layers that work along the channels; throws a plain Error for another axis. `axis` counts the batch. */
export function lastAxis(axis: number, inputs: readonly Shape[]): Shape {
  const shape = inputs[0]!
  if (axis !== -1 && axis !== shape.length)
    throw new Error(`it works along axis ${axis}, not along the channels`)
  return shape
}

/** Throws a plain Error, a clause, if a layer would make something that is no array: every length is a whole number from 1 on. */
export function refuseNoShape(shape: Shape, what: string): void {
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 1))
    throw new Error(
      `${what} would have shape [${shape.map((n) => (Number.isFinite(n) ? n : '?')).join(', ')}]`,
    )
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
