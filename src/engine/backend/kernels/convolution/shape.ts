/** @file The shape of a convolution; `core/model/convolutionKernels` chooses its kernel by it. */
import type { ConvolutionSize } from '../../../../core/model/convolutionKernels.ts'

export interface Margins {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** Rows before columns; channels last. */
export interface ConvolutionShape extends ConvolutionSize {
  readonly height: number
  readonly width: number
  readonly margins: Margins
}

/** The function that a sum goes through before it is stored. `leakyrelu` multiplies negative numbers by `slope`. */
export type Activation =
  | { readonly fn: 'linear' | 'relu' | 'relu6' | 'hard_sigmoid' | 'hard_silu' }
  | { readonly fn: 'leakyrelu'; readonly slope: number }

export interface Epilogue {
  readonly bias: boolean
  readonly activation: Activation
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
