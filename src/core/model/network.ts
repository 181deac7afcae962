/**
 * @file A network as plain data: a flat list of layers in topological order. It is what the engine runs, what
 * the receptive field is computed from and what the page lists, so it crosses workers as it stands.
 */

/** Without the batch: `[H, W, C]` for a map, `[C]` for a vector; `units.ts` tells them apart. */
export type Shape = readonly number[]

/** `[H, W, C]`, as of the network's input. */
export type MapShape = readonly [rows: number, columns: number, channels: number]

/** Vertical, horizontal. */
export type Pair = readonly [number, number]

export type Padding = 'valid' | 'same'

/**
 * An activation function by the name Keras 3 gives it (https://keras.io/api/layers/activations/);
 * `hard_sigmoid_2` is the one of Keras 1 and 2, `gelu_tanh` the approximate GELU.
 */
export type Activation =
  | { readonly fn: PlainActivation }
  /** `x` where `x > 0`, else `slope · x`. */
  | { readonly fn: 'leaky_relu'; readonly slope: number }
  /** Keras' ReLU in full: `min(x, max)` where `x ≥ threshold`, else `slope · (x − threshold)`; max null is none. */
  | {
      readonly fn: 'general_relu'
      readonly max: number | null
      readonly slope: number
      readonly threshold: number
    }
  /** `x` where `x > 0`, else `alpha · (exp(x) − 1)`. */
  | { readonly fn: 'elu_alpha'; readonly alpha: number }

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
  'log_softmax',
  'softplus',
  'softsign',
  'silu',
  'hard_silu',
  'gelu',
  'gelu_tanh',
  'exponential',
  'mish',
  'log_sigmoid',
  'celu',
  'squareplus',
  'hard_tanh',
  'tanh_shrink',
  'soft_shrink',
  'hard_shrink',
  'sparse_plus',
  'abs',
] as const
export type PlainActivation = (typeof plainActivations)[number]

interface Windowed {
  readonly kernel: Pair
  readonly strides: Pair
  readonly padding: Padding
}

/** Arithmetic of two or more operands, elementwise, with broadcasting as in NumPy. */
export type Arithmetic = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'average'

/** What a layer computes. One file under `kinds/` tells all about each. */
export type Operation =
  | { readonly kind: 'input' }
  | ({
      readonly kind: 'conv'
      readonly filters: number
      readonly dilation: Pair
      /** Channels fall into so many groups, each convolved on its own. */
      readonly groups: number
    } & Windowed &
      Affine)
  | ({ readonly kind: 'depthwiseConv'; readonly multiplier: number; readonly dilation: Pair } & Windowed &
      Affine)
  | ({
      readonly kind: 'separableConv'
      readonly filters: number
      readonly multiplier: number
      readonly dilation: Pair
    } & Windowed &
      Affine)
  | ({
      readonly kind: 'transposedConv'
      readonly filters: number
      readonly dilation: Pair
      /** Null: as Keras infers it from the padding. */
      readonly outputPadding: Pair | null
    } & Windowed &
      Affine)
  | ({ readonly kind: 'pool'; readonly reduce: 'max' | 'average' } & Windowed)
  | { readonly kind: 'globalPool'; readonly reduce: 'max' | 'average'; readonly keepDims: boolean }
  | {
      readonly kind: 'batchNorm'
      readonly axis: number
      readonly epsilon: number
      readonly scale: boolean
      readonly center: boolean
    }
  /** `(x − mean) / max(√variance, 1e-7)`, or its inverse, along the channels. */
  | {
      readonly kind: 'normalization'
      /** From the configuration; null where they are weights. */
      readonly constants: { readonly mean: readonly number[]; readonly variance: readonly number[] } | null
      readonly invert: boolean
      /** One mean and variance for all channels. */
      readonly single?: true
    }
  /** Statistics over `axes`, which count without the batch. `rms`: root mean square only, nothing subtracted. */
  | {
      readonly kind: 'layerNorm'
      readonly axes: readonly number[]
      readonly epsilon: number
      readonly scale: boolean
      readonly center: boolean
      readonly rms: boolean
    }
  | {
      readonly kind: 'groupNorm'
      /** -1: as many as channels (instance normalization). */
      readonly groups: number
      readonly epsilon: number
      readonly scale: boolean
      readonly center: boolean
    }
  /** L2 norm over `axes`, which count without the batch, becomes 1. */
  | { readonly kind: 'unitNorm'; readonly axes: readonly number[] }
  | { readonly kind: 'activation'; readonly activation: Activation }
  /** One slope an element of the weights, which are shared along `sharedAxes` (1 is rows, as in Keras). */
  | { readonly kind: 'prelu'; readonly sharedAxes: readonly number[] }
  | ({ readonly kind: 'dense'; readonly units: number } & Affine)
  /** `channelsFirst`: in the order channel, row, column, as a `channels_first` network flattens. */
  | { readonly kind: 'flatten'; readonly channelsFirst: boolean }
  /** Without the batch; -1 at most once. */
  | { readonly kind: 'reshape'; readonly target: Shape }
  | { readonly kind: 'identity' }
  /** One number, or one a channel. */
  | { readonly kind: 'rescale'; readonly scale: readonly number[]; readonly offset: readonly number[] }
  | {
      readonly kind: 'pad'
      readonly rows: Pair
      readonly columns: Pair
      readonly mode: 'constant' | 'reflect' | 'symmetric'
      readonly value: number
    }
  /** Channels of one value before and behind those that are there. */
  | { readonly kind: 'padChannels'; readonly before: number; readonly behind: number; readonly value: number }
  | { readonly kind: 'crop'; readonly rows: Pair; readonly columns: Pair }
  | { readonly kind: 'upsample'; readonly size: Pair; readonly interpolation: 'nearest' | 'bilinear' }
  /** As `tf.image.resize` without antialias (half-pixel centres), or with corners aligned, or neither. */
  | {
      readonly kind: 'resize'
      readonly to: Pair
      readonly interpolation: 'nearest' | 'bilinear'
      readonly centers: 'half-pixel' | 'align-corners' | 'top-left'
    }
  /** All inputs together, with broadcasting. */
  | { readonly kind: 'merge'; readonly fn: Arithmetic }
  /** The first input plus `scale` times the second (keras.applications' CustomScaleLayer). */
  | { readonly kind: 'addScaled'; readonly scale: number }
  /** The input and a constant: a number, or the layer's one array of weights. */
  | {
      readonly kind: 'withConstant'
      readonly fn: Arithmetic
      readonly constant: number | { readonly shape: Shape }
      /** `constant − x` rather than `x − constant`. */
      readonly constantFirst: boolean
    }
  /** Channels become rows and columns, `block²` of them a square: `tf.nn.depth_to_space`. */
  | { readonly kind: 'depthToSpace'; readonly block: number }
  /** What a network of whole numbers gets of the picture: fractions are cut off. */
  | { readonly kind: 'wholeNumbers' }
  /** Along an axis that counts the batch, or -1. */
  | { readonly kind: 'concat'; readonly axis: number }
  /** Channels `[start, start + size)`. */
  | { readonly kind: 'sliceChannels'; readonly start: number; readonly size: number }

/** Layers that end in a bias and an activation. */
export interface Affine {
  readonly bias: boolean
  readonly activation: Activation
}

export type OperationKind = Operation['kind']
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

/** One array of a layer, in the order in which Keras stores them. */
export interface WeightSpec {
  /** As Keras names the variable: `kernel`, `moving_mean`. */
  readonly name: string
  readonly shape: Shape
  /** Stored behind the others, but nothing is computed with it: it need not be there, and is never read. */
  readonly unread?: true
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
  /** Of a shared layer's second and later calls: the index of the first, whose weights these are. */
  readonly sharesWeightsOf?: number
  /** What a person should know of it, as a sentence: a folded batch normalization, say. */
  readonly note?: string
}

/** A layer that is not computed, or that depends on one that isn't. `problem` is a clause for the user. */
export interface UnsupportedLayer extends LayerBase {
  readonly op: null
  readonly problem: string
}

export type Layer = SupportedLayer | UnsupportedLayer

/** The problem of a layer that reads one that is not computed; however far behind, it names the first. */
export function problemAfter({ problem }: UnsupportedLayer): string {
  return `comes after ${problem.replace(/^comes after /, '')}`
}

export interface Network {
  readonly name: string
  readonly layers: readonly Layer[]
  /** Index of the one image input. */
  readonly input: number
  readonly inputShape: MapShape
  /** The file leaves rows or columns open; `inputShape` holds the size that was chosen. */
  readonly openSize: boolean
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1)
}

/** Number of trainable and other parameters of a layer that is computed. */
export function parameterCount(layer: SupportedLayer): number {
  return layer.weights.reduce((sum, weight) => sum + elementCount(weight.shape), 0)
}

export function channelCount(shape: Shape): number {
  return shape.at(-1) ?? 0
}
