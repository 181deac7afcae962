/**
 * @file A network as plain data: a flat list of layers in topological order. It is what the engine runs, what
 * the receptive field is computed from and what the page lists, so it crosses workers as it stands.
 */

/** Without the batch: `[H, W, C]` for a map, `[C]` for a vector; `units.ts` tells them apart. */
export type Shape = readonly number[]

/** `[H, W, C]`: the shape of a map, and of the network's input. */
export type MapShape = readonly [rows: number, columns: number, channels: number]

/** Vertical, horizontal. */
export type Pair = readonly [number, number]

/** Rows above and below, columns left and right. */
export interface Margins {
  readonly rows: Pair
  readonly columns: Pair
}

/** Margins are so many zeros around the map (for a maximum: nothing), whatever the stride. */
export type Padding = 'valid' | 'same' | Margins

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

export interface Windowed {
  readonly kernel: Pair
  readonly strides: Pair
  readonly padding: Padding
}

/** Arithmetic of two or more operands, elementwise, with broadcasting as in NumPy. */
export type Arithmetic =
  'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'average' | 'power' | Comparison

/** Give 1 where it holds, else 0. */
export type Comparison = 'greater' | 'greaterOrEqual' | 'less' | 'lessOrEqual' | 'equal' | 'notEqual'

/** What a choice is made of: the next of the layer's inputs, a number, or the next of its arrays of weights. */
export type Choice = 'input' | number | { readonly shape: Shape }

/** Functions of a single number that are no activations; `isNaN` gives 1 or 0. */
export type PointwiseFunction =
  'sqrt' | 'reciprocal' | 'log' | 'erf' | 'floor' | 'ceil' | 'round' | 'sign' | 'sin' | 'cos' | 'isNaN'

/** Makes one number of many. */
export type Reduction = 'mean' | 'max' | 'min' | 'sum' | 'l1' | 'l2' | 'sumSquare'

/** The operation of a layer. `kinds/` knows the shapes, weights and receptive fields of each. */
export type Operation =
  | { readonly kind: 'input' }
  | ({
      readonly kind: 'conv'
      readonly filters: number
      readonly dilation: Pair
      /** The channels fall into so many groups, each convolved on its own. */
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
      /** Null: inferred from the padding, as Keras does. */
      readonly outputPadding: Pair | null
    } & Windowed &
      Affine)
  | ({
      readonly kind: 'pool'
      readonly reduce: 'max' | 'average'
      /** Zeros of the margins that count in a mean, as if they were part of the map; null if none does. */
      readonly counted?: Margins
      /** If it is missing, the places of a window lie side by side. */
      readonly dilation?: Pair
    } & Windowed)
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
      /** From the configuration; null if they are weights. */
      readonly constants: { readonly mean: readonly number[]; readonly variance: readonly number[] } | null
      readonly invert: boolean
      /** One mean and variance for all channels. */
      readonly single?: true
    }
  /** With statistics over `axes`, which do not count the batch. `rms`: root mean square only, nothing is subtracted. */
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
      /** -1: one for each channel (instance normalization). */
      readonly groups: number
      readonly epsilon: number
      readonly scale: boolean
      readonly center: boolean
    }
  /** Makes the L2 norm over `axes`, which do not count the batch, 1. */
  | { readonly kind: 'unitNorm'; readonly axes: readonly number[] }
  | { readonly kind: 'activation'; readonly activation: Activation }
  /** Softmax along other axes than the channels; `axes` do not count the batch. */
  | { readonly kind: 'softmax'; readonly axes: readonly number[]; readonly log: boolean }
  /** `x / (base + alpha / size · Σ x²)^beta`, with the squares of `size` neighbouring channels; of an even number one more behind. */
  | {
      readonly kind: 'lrn'
      readonly size: number
      readonly alpha: number
      readonly beta: number
      readonly base: number
    }
  /** The second operand where the first, a mask, is not 0, else the third; with broadcasting. */
  | { readonly kind: 'where'; readonly operands: readonly [mask: Choice, yes: Choice, no: Choice] }
  /** `x / scale + zeroPoint`, rounded (halves to the even neighbour) and cut to `[low, high]`; one number each, or one a channel. */
  | {
      readonly kind: 'quantize'
      readonly scale: readonly number[]
      readonly zeroPoint: readonly number[]
      readonly low: number
      readonly high: number
    }
  /** `(x − zeroPoint) · scale` */
  | { readonly kind: 'dequantize'; readonly scale: readonly number[]; readonly zeroPoint: readonly number[] }
  /** So many times beside itself, along each axis but the batch's. */
  | { readonly kind: 'tile'; readonly repeats: Shape }
  | { readonly kind: 'pointwise'; readonly fn: PointwiseFunction }
  /** One number for all along `axes`, which do not count the batch and stay as axes of length 1. */
  | { readonly kind: 'reduce'; readonly fn: Reduction; readonly axes: readonly number[] }
  /** One slope for each element of the input; shared along `sharedAxes` (1 is rows, as the batch is axis 0). */
  | { readonly kind: 'prelu'; readonly sharedAxes: readonly number[] }
  | ({ readonly kind: 'dense'; readonly units: number } & Affine)
  /** `channelsFirst`: the vector has the order channel, row, column. */
  | { readonly kind: 'flatten'; readonly channelsFirst: boolean }
  /** `target` is without the batch; -1, at most once, is what is left. */
  | { readonly kind: 'reshape'; readonly target: Shape }
  | { readonly kind: 'identity' }
  /** `x · scale + offset`, each one number or one a channel. */
  | { readonly kind: 'rescale'; readonly scale: readonly number[]; readonly offset: readonly number[] }
  | {
      readonly kind: 'pad'
      readonly rows: Pair
      readonly columns: Pair
      /** `edge` repeats the last row or column, `wrap` goes on at the other end. */
      readonly mode: 'constant' | 'reflect' | 'symmetric' | 'edge' | 'wrap'
      readonly value: number
    }
  /** Adds channels of one value before and after those of the map. */
  | { readonly kind: 'padChannels'; readonly before: number; readonly after: number; readonly value: number }
  | { readonly kind: 'crop'; readonly rows: Pair; readonly columns: Pair }
  | { readonly kind: 'upsample'; readonly size: Pair; readonly interpolation: 'nearest' | 'bilinear' }
  /** As `tf.image.resize` without antialias (half-pixel centres), or with aligned corners, or neither. */
  | {
      readonly kind: 'resize'
      readonly to: Pair
      readonly interpolation: 'nearest' | 'bilinear'
      readonly centers: 'half-pixel' | 'align-corners' | 'top-left'
    }
  /**
   * As ONNX's Resize: `scales` say how many times as many rows and columns there are, which lengths, being whole numbers, need not
   * agree with; `coordinates` where a pixel that comes out lies among those that come in.
   */
  | {
      readonly kind: 'interpolate'
      readonly to: Pair
      readonly scales: Pair
      readonly coordinates:
        | 'asymmetric'
        | 'align_corners'
        | 'half_pixel'
        | 'half_pixel_symmetric'
        | 'pytorch_half_pixel'
        | 'tf_half_pixel_for_nn'
      readonly filter:
        | {
            readonly kind: 'nearest'
            readonly rounding: 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil'
          }
        | { readonly kind: 'linear' }
        | { readonly kind: 'cubic'; readonly a: number }
      /** A map that becomes smaller is smoothed. */
      readonly antialias: boolean
      /** Pixels beyond the edge do not count, rather than to be those at it. */
      readonly excludeOutside: boolean
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
  /**
   * All numbers in another order: the input falls into parts of lengths `split`, in the order of memory, which come in the
   * order `order`, and the output has the shape `target`. Channels are shuffled so, or become rows and columns.
   */
  | {
      readonly kind: 'rearrange'
      readonly split: Shape
      readonly order: readonly number[]
      readonly target: Shape
    }
  | MatMul
  /** Of tokens those that stand for the places of `grid`, from token `first` on, as a map. */
  | { readonly kind: 'patches'; readonly first: number; readonly grid: Pair }
  /** One of the tokens, as a vector. */
  | { readonly kind: 'token'; readonly index: number }
  /** Numbers that are the same for every image, before the input and behind it along an axis, which does not count the batch. */
  | {
      readonly kind: 'joinConstants'
      readonly axis: number
      /** How many places, or channels, come before and behind; each is an array of weights, if it is not 0. */
      readonly before: number
      readonly after: number
      /** The shape that the input takes first: a map may become tokens, row by row. */
      readonly shape: Shape
    }
  /** `block²` channels become a square of rows and columns: `tf.nn.depth_to_space`. */
  | { readonly kind: 'depthToSpace'; readonly block: number }
  /** Cuts fractions off, as a network that takes whole numbers gets the picture. */
  | { readonly kind: 'wholeNumbers' }
  /** `axis` counts the batch; -1 is the last. */
  | { readonly kind: 'concat'; readonly axis: number }
  /** Takes the channels `[start, start + size)`. */
  | { readonly kind: 'sliceChannels'; readonly start: number; readonly size: number }
  /** Takes these channels, in any order. */
  | { readonly kind: 'takeChannels'; readonly channels: readonly number[] }
  /** Takes `count` places along an axis, which does not count the batch: `start`, `start + step` and so on, backwards if it is negative. */
  | {
      readonly kind: 'slice'
      readonly axis: number
      readonly start: number
      readonly step: number
      readonly count: number
    }

/** One operand of a product of matrices: its numbers fall into parts, in the order of memory, as those of `rearrange` do. */
export interface Factor {
  readonly split: Shape
  /** The parts that count the matrices, the rows of the first or columns of the second operand, and what is summed over. */
  readonly batch: readonly number[]
  readonly outer: readonly number[]
  readonly inner: readonly number[]
}

/**
 * `result[batch, rows, columns] = Σ first[batch, rows, inner] · second[batch, inner, columns]`, as in attention. Either operand
 * may be a constant of the file, the layer's one array of weights.
 */
export interface MatMul {
  readonly kind: 'matMul'
  readonly first: Factor
  readonly second: Factor
  readonly constant: { readonly side: 'first' | 'second'; readonly shape: Shape } | null
  /** The parts of the result (batch, rows, columns) in the order of memory, and the shape that it has there. */
  readonly order: readonly number[]
  readonly target: Shape
}

/** Layers that end in a bias and an activation. */
export interface Affine {
  readonly bias: boolean
  readonly activation: Activation
}

export type OperationKind = Operation['kind']
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

/** One of a layer's arrays, which are in the order in which Keras stores them. */
export interface WeightSpec {
  /** The name that Keras gives the variable: `kernel`, `moving_mean`. */
  readonly name: string
  readonly shape: Shape
  /** Nothing is computed with it. It is stored after the others, may be missing, and is never read. */
  readonly unread?: true
  /** Infinite numbers may be in it: added to scores, minus infinity is a mask. */
  readonly infinite?: true
}

interface LayerBase {
  readonly name: string
  /** As in the file: `Conv2D`. */
  readonly className: string
  /** Indices into `Network.layers`, all smaller than the layer's own. */
  readonly inputs: readonly number[]
}

/** Which of a layer's tokens stand for the image's patches: those from `first` on, row by row. Others are in front or behind. */
export interface TokenGrid {
  readonly first: number
  readonly grid: Pair
}

export interface SupportedLayer extends LayerBase {
  readonly op: Operation
  readonly shape: Shape
  /** Is there if its units are tokens and some of them stand for patches. */
  readonly tokens?: TokenGrid
  readonly weights: readonly WeightSpec[]
  /** For the second and later calls of a shared layer: the index of the first call, which has the weights. */
  readonly sharesWeightsOf?: number
  /** A sentence that the user should read about it: that a batch normalization is folded, for example. */
  readonly note?: string
}

/** A layer that is not computed, or that depends on one that isn't. `problem` is a clause for the user. */
export interface UnsupportedLayer extends LayerBase {
  readonly op: null
  readonly problem: string
  /** The shapes that it reads as the file counts them, if they are known: a report of what is missing needs them. */
  readonly reads?: readonly Shape[]
  /** The name in the file, if it is another. */
  readonly inFile?: string
}

export type Layer = SupportedLayer | UnsupportedLayer

/** The problem of a layer that reads one that is not computed; however far behind it is, it names the first. */
export function problemAfter({ problem }: UnsupportedLayer): string {
  return `comes after ${problem.replace(/^comes after /, '')}`
}

export interface Network {
  /** The name that its author gave it, as far as the format has one: networks of ONNX have none. */
  readonly name: string | null
  readonly layers: readonly Layer[]
  /** Index of the one image input. */
  readonly input: number
  readonly inputShape: MapShape
  /** The file leaves rows or columns open; `inputShape` has the size that was chosen. */
  readonly openSize: boolean
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1)
}

/** The number of a layer's parameters, trainable or not. */
export function parameterCount(layer: SupportedLayer): number {
  return layer.weights.reduce((sum, weight) => sum + elementCount(weight.shape), 0)
}

export function channelCount(shape: Shape): number {
  return shape.at(-1) ?? 0
}
