/**
 * @file Windows that run along the channels, as those of efficient channel attention and of local response normalization. At each
 * place every channel that comes out is a sum of those that come in: a convolution with windows of one place.
 */
import type { Pair } from '../../network.ts'
import { computed, type OnnxConstant } from '../constants.ts'
import type { NodeReading } from '../nodeReading.ts'
import { type OnnxTensor, usualGroups } from '../values.ts'
import { dimsOf } from '../views.ts'

export interface ChannelWindow {
  /** The axis of the file that the window runs along. */
  readonly axis: number
  /** The weights of the window, a list of numbers. */
  readonly taps: OnnxConstant
  readonly stride: number
  readonly dilation: number
  /** Zeros before the first channel and behind the last. */
  readonly margins: Pair
}

/** Whether the axis counts the channels as they lie in memory, and at most two others are longer than 1. */
export function isAlongChannels(tensor: OnnxTensor, axis: number): boolean {
  return usualGroups(tensor).at(-1)![0] === axis && placeAxes(tensor, axis).length <= 2
}

function placeAxes({ view }: OnnxTensor, axis: number): readonly number[] {
  return [...dimsOf(view).entries()].flatMap(([one, length]) =>
    one > 0 && one !== axis && length > 1 ? [one] : [],
  )
}

/** `bias`: one number for all channels. Needs `isAlongChannels`. */
export function alongChannels(
  reading: NodeReading,
  tensor: OnnxTensor,
  { axis, taps, stride, dilation, margins }: ChannelWindow,
  bias: OnnxConstant | null,
): OnnxTensor {
  const dims = dimsOf(tensor.view)
  const places = placeAxes(tensor, axis)
  const groups = [...places.map((one) => [one]), [axis]]
  while (groups.length < 3) groups.unshift([])
  const input = reading.arranged(tensor, groups)
  const [length, size] = [dims[axis]!, taps.shape[0]!]
  const [before, after] = margins
  const filters = Math.floor((length + before + after - (size - 1) * dilation - 1) / stride) + 1
  if (filters < 1) throw new Error(`its window of ${size} does not fit into ${length} channels`)
  const kernel = computed([1, 1, length, filters], 'float32', [taps], ([values]) => {
    const matrix = new Float64Array(length * filters)
    for (let to = 0; to < filters; to++)
      for (let tap = 0; tap < size; tap++) {
        const from = to * stride + tap * dilation - before
        if (from >= 0 && from < length) matrix[from * filters + to] = values![tap]!
      }
    return matrix
  })
  const biases =
    bias && computed([filters], 'float32', [bias], ([value]) => new Float64Array(filters).fill(value![0]!))
  const op = {
    kind: 'conv',
    filters,
    groups: 1,
    kernel: [1, 1],
    strides: [1, 1],
    dilation: [1, 1],
    padding: 'valid',
    activation: { fn: 'linear' },
    bias: biases !== null,
  } as const
  const axes = dims.slice(1).map((_, i) => {
    const at = groups.findIndex((group) => group[0] === i + 1)
    return at === -1 ? null : at
  })
  const output = reading.layer(op, [input], axes, biases ? [kernel, biases] : [kernel])
  return tensor.placeless ? { ...output, placeless: true } : output
}
