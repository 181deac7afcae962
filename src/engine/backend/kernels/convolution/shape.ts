/** @file The shape of a convolution; `core/model/convolutionKernels` chooses its kernel by it. */
import type { ConvolutionSize } from '../../../../core/model/convolutionKernels.ts'
import type { Activation as AnyActivation, PlainActivation } from '../../../../core/model/network.ts'

/** A negative margin leaves rows or columns out. */
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

/** The functions that a sum may go through before it is stored, in the words of `core/model/network`. */
export type Activation =
  { readonly fn: (typeof plainFunctions)[number] } | Exclude<AnyActivation, { fn: PlainActivation }>

export const plainFunctions = [
  'linear',
  'relu',
  'relu6',
  'hard_sigmoid',
  'hard_sigmoid_2',
  'hard_silu',
  'sigmoid',
  'silu',
  'elu',
] as const satisfies readonly PlainActivation[]

export interface Epilogue {
  readonly bias: boolean
  readonly activation: Activation
}

export function hasMargins({ margins }: ConvolutionShape): boolean {
  return Object.values(margins).some((margin: number) => margin !== 0)
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
  return `${map} ${window} ${around} ${bias} ${JSON.stringify(activation)}`
}
