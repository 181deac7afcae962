/**
 * @file A network as plain data: a flat list of layers in topological order. It is what the engine runs, what
 * the receptive field is computed from and what the page lists, so it crosses workers as it stands.
 */

/** Without the batch: `[H, W, C]` for a map, `[C]` for a vector. */
export type Shape = readonly number[]

/** Vertical, horizontal. */
export type Pair = readonly [number, number]

export type Padding = 'valid' | 'same'

/** An activation function by the name Keras 3 gives it; `hard_sigmoid_2` is the one of Keras 1 and 2. */
export type Activation =
  | { readonly fn: PlainActivation }
  | { readonly fn: 'leaky_relu'; readonly slope: number }
  | { readonly fn: 'clipped_relu'; readonly max: number }

export const plainActivations = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'hard_sigmoid',
  'hard_sigmoid_2',
  'tanh',
  'softmax',
  'softplus',
  'softsign',
  'silu',
  'gelu',
  'exponential',
] as const
export type PlainActivation = (typeof plainActivations)[number]

interface Windowed {
  readonly kernel: Pair
  readonly strides: Pair
  readonly padding: Padding
}

/** What a layer computes. One file under `kinds/` tells all about each. */
export type Operation =
  | { readonly kind: 'input' }
  | ({ readonly kind: 'conv'; readonly filters: number; readonly dilation: Pair } & Windowed & Affine)
  | ({ readonly kind: 'depthwiseConv'; readonly multiplier: number; readonly dilation: Pair } & Windowed &
      Affine)
  | ({ readonly kind: 'pool'; readonly reduce: 'max' | 'average' } & Windowed)
  | { readonly kind: 'globalPool'; readonly reduce: 'max' | 'average' }
  | {
      readonly kind: 'batchNorm'
      readonly axis: number
      readonly epsilon: number
      readonly scale: boolean
      readonly center: boolean
    }
  | { readonly kind: 'activation'; readonly activation: Activation }
  | ({ readonly kind: 'dense'; readonly units: number } & Affine)
  | { readonly kind: 'flatten' }
  | { readonly kind: 'identity' }
  | { readonly kind: 'rescale'; readonly scale: number; readonly offset: number }
  | { readonly kind: 'pad'; readonly rows: Pair; readonly columns: Pair }
  | { readonly kind: 'crop'; readonly rows: Pair; readonly columns: Pair }
  | { readonly kind: 'add' }
  | { readonly kind: 'concat'; readonly axis: number }

/** Layers that end in a bias and an activation. */
export interface Affine {
  readonly bias: boolean
  readonly activation: Activation
}

export type OperationKind = Operation['kind']
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

/** One array of a layer, in the order in which Keras stores them. */
export interface WeightSpec {
  readonly name: string
  readonly shape: Shape
}

interface LayerBase {
  readonly name: string
  /** As in the file: `Conv2D`. */
  readonly className: string
  /** Indices into `Network.layers`, all smaller than the own one. */
  readonly inputs: readonly number[]
}

export interface SupportedLayer extends LayerBase {
  readonly op: Operation
  readonly shape: Shape
  readonly weights: readonly WeightSpec[]
}

/** A layer that is not computed, or that depends on one that isn't. `problem` is a clause for the user. */
export interface UnsupportedLayer extends LayerBase {
  readonly op: null
  readonly problem: string
}

export type Layer = SupportedLayer | UnsupportedLayer

export interface Network {
  readonly name: string
  readonly layers: readonly Layer[]
  /** Index of the one image input. */
  readonly input: number
  /** `[H, W, C]` */
  readonly inputShape: readonly [number, number, number]
}

export function size(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1)
}

/** Number of trainable and other parameters of a layer that is computed. */
export function parameterCount(layer: SupportedLayer): number {
  return layer.weights.reduce((sum, weight) => sum + size(weight.shape), 0)
}

/** Rows and columns of a layer's map; a layer without space has one unit a channel. */
export function mapSize(shape: Shape): Pair {
  return shape.length === 3 ? [shape[0]!, shape[1]!] : [1, 1]
}

/** Row and column of a flat, row-major position in a layer's map. */
export function unitAt(shape: Shape, position: number): Pair {
  const [, columns] = mapSize(shape)
  return [Math.floor(position / columns), position % columns]
}

export function channelCount(shape: Shape): number {
  return shape.at(-1) ?? 0
}
