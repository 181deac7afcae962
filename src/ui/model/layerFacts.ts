/** @file The facts that the list of layers shows about a layer, as texts. */
import { kernelsOf, type LayerKernel } from '../../core/model/convolutionKernels.ts'
import { channelCount, type Layer } from '../../core/model/network.ts'
import type { OpenModel } from '../../state/model/openModel.ts'
import type { AppState } from '../../state/appState.ts'
import { fieldOf, shapeOf } from '../../state/selectors/shown.ts'
import { formatExtent, formatPadding, formatPair, formatShape, formatSquare } from '../common/format.ts'

export interface LayerFacts {
  readonly index: number
  readonly name: string
  readonly className: string
  readonly shape: string
  readonly kernel: string
  readonly stride: string
  readonly padding: string
  readonly parameters: number
  /** The receptive field of one unit, and the step from one unit to the next, in pixels of the model's input. */
  readonly field: string
  readonly fieldStride: string
  /** The field written shorter: `20²`, or `all` of the image. */
  readonly shortField: string
  /** A sentence that the user should know; empty if there is none. */
  readonly note: string
  /** The reason why the layer cannot be scanned; null if it can be. */
  readonly notScannable: string | null
  /** For layers of a results file: the number of its images. */
  readonly images?: string
}

export function layerFacts(model: OpenModel, index: number): LayerFacts {
  const layer = model.network.layers[index]!
  const field = model.fields[index]
  return {
    index,
    name: layer.name,
    className: layer.className,
    shape: layer.op === null ? '?' : formatShape(layer.shape),
    ...windowOf(layer),
    parameters: model.parameters[index]!,
    field: field ? (field.whole ? 'whole image' : formatExtent(field.size)) : '?',
    fieldStride: field && !field.whole ? formatPair(field.stride) : '',
    shortField: field ? (field.whole ? 'all' : formatSquare(field.size)) : '?',
    note: (layer.op !== null && layer.note) || '',
    notScannable: model.notScannable[index]!,
  }
}

function windowOf(layer: Layer): Pick<LayerFacts, 'kernel' | 'stride' | 'padding'> {
  if (layer.op === null || !('kernel' in layer.op)) return { kernel: '', stride: '', padding: '' }
  const { kernel, strides, padding } = layer.op
  return { kernel: formatExtent(kernel), stride: formatPair(strides), padding: formatPadding(padding) }
}

const kernelNames: Readonly<Record<LayerKernel, string>> = {
  winograd: 'Winograd',
  direct: 'direct',
  '1×1': '1×1',
  depthwise: 'depthwise',
  tfjs: 'TensorFlow.js',
}

/** The kernels that compute a convolution on WASM, such as `depthwise, 1×1`; empty for other layers. */
export function kernelText({ network }: OpenModel, index: number): string {
  return kernelsOf(network, network.layers[index]!)
    .map((kernel) => kernelNames[kernel])
    .join(', ')
}

/** One line such as `Conv2D · 39×39×64 · 3×3 /2 same`; a stride of 1, no padding and margins of a file are left out. */
export function factsLine({ className, shape, kernel, stride, padding }: LayerFacts): string {
  const window = `${kernel}${stride && stride !== '1' ? ` /${stride}` : ''}${padding === 'same' ? ' same' : ''}`
  return [className, shape, window].filter(Boolean).join(' · ')
}

/** A line such as `64 channels · sees 20×20`; empty if the layer cannot be scanned. */
export function layerLine(state: AppState, name: string | null): string {
  const shape = shapeOf(state, name)
  if (!shape) return ''
  const count = channelCount(shape)
  const field = fieldOf(state, name)
  const seen = field && !field.whole ? formatExtent(field.size) : 'the whole image'
  const channels = `${count.toLocaleString('en')} ${count === 1 ? 'channel' : 'channels'}`
  const seat = field?.seat ? `, patches cut at seats of ${formatExtent(field.seat.size)}` : ''
  return field ? `${channels} · sees ${seen}${seat}` : channels
}

const convolutions = ['conv', 'depthwiseConv', 'separableConv', 'transposedConv']

export function isConvolution(layer: Layer): boolean {
  return layer.op !== null && convolutions.includes(layer.op.kind)
}

/** The number of parameters of all layers, trainable or not. */
export function totalParameters({ parameters }: OpenModel): number {
  return parameters.reduce((sum, count) => sum + count, 0)
}
