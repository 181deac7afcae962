/** @file Resize and Upsample, in the modes that the network's own resizing computes to the bit. */
import type { OperationOf, Pair } from '../../network.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf } from '../views.ts'
import { mapLengths } from './windows.ts'

type Resize = OperationOf<'resize'>

/** How many rows and columns come out, and how many times as many those are, as the file says it. */
interface Target {
  readonly to: Pair
  readonly scales: Pair
}

const resize: OperatorReader = (reading) => {
  const { attributes, version } = reading
  attributes.ignore('cubic_coeff_a', 'extrapolation_value', 'roi')
  if (attributes.flag('antialias')) attributes.refuse('antialias', 1)
  if (attributes.flag('exclude_outside')) attributes.refuse('exclude_outside', 1)
  const policy = attributes.text('keep_aspect_ratio_policy', 'stretch')
  if (policy !== 'stretch') attributes.refuse('keep_aspect_ratio_policy', policy)
  const tensor = reading.tensor(0)
  const input = reading.asMap(tensor)
  const scales = reading.list(version < 11 ? 1 : 2)
  const sizes = version < 11 ? null : reading.list(3)
  const target = targetOf(reading, tensor, scales, sizes, attributes.numbers('axes'))
  const mode = attributes.text('mode', 'nearest')
  if (mode !== 'nearest' && mode !== 'linear') attributes.refuse('mode', mode)
  // Version 10 knew one way only.
  const transform =
    version < 11 ? 'asymmetric' : attributes.text('coordinate_transformation_mode', 'half_pixel')
  const rounding = version < 11 ? 'floor' : attributes.text('nearest_mode', 'round_prefer_floor')
  const interpolation = mode === 'linear' ? 'bilinear' : 'nearest'
  return resized(reading, input, target, interpolation, transform, rounding)
}

/** Scales are an attribute in version 7, then an input. */
const upsample: OperatorReader = (reading) => {
  const { attributes } = reading
  const tensor = reading.tensor(0)
  const scales = reading.version < 9 ? attributes.numbers('scales') : reading.list(1)
  const mode = attributes.text('mode', 'nearest')
  if (mode !== 'nearest' && mode !== 'linear') attributes.refuse('mode', mode)
  const target = targetOf(reading, tensor, scales, null, null)
  const interpolation = mode === 'linear' ? 'bilinear' : 'nearest'
  return resized(reading, reading.asMap(tensor), target, interpolation, 'asymmetric', 'floor')
}

function targetOf(
  reading: NodeReading,
  tensor: OnnxTensor,
  scales: readonly number[] | null,
  sizes: readonly number[] | null,
  axes: readonly number[] | null,
): Target {
  const dims = dimsOf(tensor.view)
  const given = axes ?? [...dims.keys()]
  const each = dims.map((length, axis): readonly [to: number, scale: number] => {
    const at = given.findIndex((one) => (one < 0 ? one + dims.length : one) === axis)
    if (at === -1) return [length, 1]
    if (sizes) return [sizes[at]!, sizes[at]! / length]
    const scale = scales?.[at] ?? 1
    return [Math.floor(length * scale), scale]
  })
  const [batch, channels, rows, columns] = each
  if (batch![0] !== reading.batch || channels![0] !== dims[1])
    throw new Error('it resizes other axes than rows and columns')
  return { to: [rows![0], columns![0]], scales: [rows![1], columns![1]] }
}

function resized(
  reading: NodeReading,
  input: OnnxTensor,
  { to, scales }: Target,
  interpolation: Resize['interpolation'],
  transform: string,
  rounding: string,
): OnnxTensor {
  const from = mapLengths(input.shape)
  if (String(to) === String(from)) return input
  // The network knows the ratio of lengths only; a scale that makes a fraction of a pixel is another one.
  const isWhole = scales.every((scale, axis) => Math.abs(from[axis]! * scale - to[axis]!) < 1e-3)
  const centers = centersOf(interpolation, transform, rounding, to, from)
  if (!isWhole || !centers)
    throw new Error(
      `it resizes ${from.join('×')} to ${to.join('×')} by ${interpolation}, ${transform}${interpolation === 'nearest' ? `, ${rounding}` : ''}, which Urpatch does not compute exactly`,
    )
  return reading.map({ kind: 'resize', to, interpolation, centers }, input)
}

/** Null if the network's resizing has no such mode. */
function centersOf(
  interpolation: Resize['interpolation'],
  transform: string,
  rounding: string,
  to: Pair,
  from: Pair,
): Resize['centers'] | null {
  const isHalfPixel =
    transform === 'half_pixel' || (transform === 'pytorch_half_pixel' && Math.min(...to) > 1)
  if (interpolation === 'bilinear') {
    if (isHalfPixel) return 'half-pixel'
    return transform === 'asymmetric' ? 'top-left' : transform === 'align_corners' ? 'align-corners' : null
  }
  // By whole factors up no position lies between two pixels, and each pixel is repeated.
  const isRepeated = [0, 1].every((axis) => Number.isInteger(to[axis]! / from[axis]!))
  const rounds = rounding === 'round_prefer_floor' || rounding === 'round_prefer_ceil'
  if (isRepeated && isHalfPixel && rounds) return 'top-left'
  if (transform === 'asymmetric' && rounding === 'floor') return 'top-left'
  if (isHalfPixel && rounding === 'round_prefer_ceil') return 'half-pixel'
  return transform === 'align_corners' && rounding === 'round_prefer_ceil' ? 'align-corners' : null
}

export const resizing: Readonly<Record<string, OperatorReader>> = {
  Resize: resize,
  Upsample: upsample,
}
