/**
 * @file The shape of a convolution, and the rule that chooses its kernel. The rule looks at the shape alone, so a layer
 * gets the same kernel on every machine, whatever its numbers are.
 */

export interface Margins {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** Rows before columns; channels last. */
export interface ConvolutionShape {
  readonly height: number
  readonly width: number
  /** Channels of the input, and of the output, of all groups together. */
  readonly inChannels: number
  readonly outChannels: number
  readonly outHeight: number
  readonly outWidth: number
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly margins: Margins
  readonly groups: number
}

/** The function that a sum goes through before it is stored. `leakyrelu` multiplies negative numbers by `slope`. */
export type Activation =
  | { readonly fn: 'linear' | 'relu' | 'relu6' | 'hard_sigmoid' | 'hard_silu' }
  | { readonly fn: 'leakyrelu'; readonly slope: number }

export interface Epilogue {
  readonly bias: boolean
  readonly activation: Activation
}

export type ConvolutionKernel = 'direct' | 'winograd'

/** With fewer channels the transforms cost more than the products that they save. */
const fewestForWinograd = 16
/** On smaller maps most of a tile is computed twice. */
const smallestForWinograd = 6
/**
 * Winograd's weights are four times as large. On maps up to this size reading them takes longer than the products that
 * they save, unless they fit into the processor's second cache: `fewWeights` is the product of the channels.
 */
const smallMap = 8
const fewWeights = 2 ** 14

export function kernelFor(shape: ConvolutionShape): ConvolutionKernel {
  const { kernel, strides, dilation, groups, inChannels, outChannels, outHeight, outWidth } = shape
  const isPlain = [...strides, ...dilation, groups].every((number) => number === 1)
  const size = Math.min(outHeight, outWidth)
  const isLarge = size > smallMap || (size >= smallestForWinograd && inChannels * outChannels <= fewWeights)
  const isDeep = Math.min(inChannels, outChannels) >= fewestForWinograd
  return isPlain && isLarge && isDeep && kernel[0] === 3 && kernel[1] === 3 ? 'winograd' : 'direct'
}

export function hasMargins({ margins }: ConvolutionShape): boolean {
  return Object.values(margins).some((margin: number) => margin > 0)
}

/** Rows and columns of the map with its margins. */
export function paddedSize({ height, width, margins }: ConvolutionShape): [number, number] {
  return [height + margins.top + margins.bottom, width + margins.left + margins.right]
}

/** A text that is the same for two convolutions only if one program computes both. */
export function keyOf(shape: ConvolutionShape, { bias, activation }: Epilogue): string {
  const { height, width, inChannels, outChannels, kernel, strides, dilation, margins, groups } = shape
  const map = `${height},${width},${inChannels},${outChannels},${groups}`
  const window = `${kernel.join()},${strides.join()},${dilation.join()}`
  const around = `${margins.top},${margins.bottom},${margins.left},${margins.right}`
  const slope = activation.fn === 'leakyrelu' ? activation.slope : 0
  return `${map} ${window} ${around} ${bias} ${activation.fn} ${slope}`
}
