/** @file Resize and Upsample. */
import type { OperationOf, Pair } from '../../network.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf } from '../views.ts'
import { counted } from './reshaping.ts'
import { mapLengths } from './windows.ts'

type Resize = OperationOf<'resize'>

/** How many rows and columns come out, and how many times as many those are, as the file says it. */
interface Target {
  readonly to: Pair
  readonly scales: Pair
}

type Interpolate = OperationOf<'interpolate'>

/** How pixels are taken or mixed. */
type Mode = Pick<Interpolate, 'coordinates' | 'filter' | 'antialias' | 'excludeOutside'>

const resize: OperatorReader = (reading) => {
  const { attributes, version } = reading
  attributes.ignore('extrapolation_value', 'roi')
  const tensor = reading.tensor(0)
  const scales = reading.list(version < 11 ? 1 : 2)
  const sizes = version < 11 ? null : reading.list(3)
  const axes = attributes.numbers('axes')
  const policy = attributes.text('keep_aspect_ratio_policy', 'stretch')
  const target = targetOf(reading, tensor, scales, sizes, axes, policy)
  return resized(reading, reading.asMap(tensor), target, modeOf(reading))
}

const transforms = [
  'asymmetric',
  'align_corners',
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'tf_half_pixel_for_nn',
] as const satisfies readonly Mode['coordinates'][]

const roundings = ['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'] as const

function modeOf(reading: NodeReading): Mode {
  const { attributes, version } = reading
  const mode = attributes.text('mode', 'nearest')
  const a = attributes.number('cubic_coeff_a', -0.75)
  // Version 10 knew one way only.
  const isOld = version < 11
  const rounding = isOld ? 'floor' : choice(reading, 'nearest_mode', roundings, 'round_prefer_floor')
  const filters: Readonly<Record<string, Interpolate['filter']>> = {
    nearest: { kind: 'nearest', rounding },
    linear: { kind: 'linear' },
    cubic: { kind: 'cubic', a },
  }
  return {
    coordinates: isOld
      ? 'asymmetric'
      : choice(reading, 'coordinate_transformation_mode', transforms, 'half_pixel'),
    filter: filters[mode] ?? attributes.refuse('mode', mode),
    antialias: attributes.flag('antialias'),
    excludeOutside: attributes.flag('exclude_outside'),
  }
}

/** The attribute's text, if it is one of those that are known. */
function choice<T extends string>(
  { attributes }: NodeReading,
  key: string,
  known: readonly T[],
  fallback: T,
): T {
  const given = attributes.text(key, fallback)
  return known.find((one) => one === given) ?? attributes.refuse(key, given)
}

/** Scales are an attribute in version 7, then an input. */
const upsample: OperatorReader = (reading) => {
  const { attributes } = reading
  const tensor = reading.tensor(0)
  const scales = reading.version < 9 ? attributes.numbers('scales') : reading.list(1)
  const mode = attributes.text('mode', 'nearest')
  if (mode !== 'nearest' && mode !== 'linear') attributes.refuse('mode', mode)
  const filter =
    mode === 'linear' ? ({ kind: 'linear' } as const) : ({ kind: 'nearest', rounding: 'floor' } as const)
  const target = targetOf(reading, tensor, scales, null, null, 'stretch')
  const way = { coordinates: 'asymmetric', filter, antialias: false, excludeOutside: false } as const
  return resized(reading, reading.asMap(tensor), target, way)
}

function targetOf(
  reading: NodeReading,
  tensor: OnnxTensor,
  scales: readonly number[] | null,
  sizes: readonly number[] | null,
  axes: readonly number[] | null,
  policy: string,
): Target {
  const dims = dimsOf(tensor.view)
  const given = counted(axes ?? [...dims.keys()], dims.length)
  const ratios = sizes && given.map((axis, at) => sizes[at]! / dims[axis]!)
  const common = ratios && commonScale(reading, ratios, policy)
  const each = dims.map((length, axis): readonly [to: number, scale: number] => {
    const at = given.indexOf(axis)
    if (at === -1) return [length, 1]
    if (common !== null) return [Math.floor(length * common + 0.5), common]
    if (sizes) return [sizes[at]!, sizes[at]! / length]
    const scale = scales?.[at] ?? 1
    return [Math.floor(length * scale), scale]
  })
  const [batch, channels, rows, columns] = each
  if (each.length !== 4 || batch![0] !== reading.batch || channels![0] !== dims[1])
    throw new Error('it resizes other axes than rows and columns')
  return { to: [rows![0], columns![0]], scales: [rows![1], columns![1]] }
}

/** The one scale for all axes that keeps the image's shape within the sizes that are asked for, or around them; null for a scale each. */
function commonScale({ attributes }: NodeReading, ratios: readonly number[], policy: string): number | null {
  if (policy === 'not_larger') return Math.min(...ratios)
  if (policy === 'not_smaller') return Math.max(...ratios)
  return policy === 'stretch' ? null : attributes.refuse('keep_aspect_ratio_policy', policy)
}

function resized(reading: NodeReading, input: OnnxTensor, { to, scales }: Target, mode: Mode): OnnxTensor {
  const from = mapLengths(input.shape)
  if (String(to) === String(from) && scales.every((scale) => scale === 1)) return input
  // Where the backends' own resizing does the same, it is faster. It knows the ratio of lengths only.
  const isRatio = scales.every((scale, axis) => Math.abs(from[axis]! * scale - to[axis]!) < 1e-3)
  const centers = isRatio ? centersOf(mode, to, from) : null
  const interpolation = mode.filter.kind === 'nearest' ? 'nearest' : 'bilinear'
  const op = centers
    ? ({ kind: 'resize', to, interpolation, centers } as const)
    : ({ kind: 'interpolate', to, scales, ...mode } as const)
  return reading.map(op, input)
}

/** Is null if the backends' resizing has no such mode. */
function centersOf(
  { coordinates, filter, antialias, excludeOutside }: Mode,
  to: Pair,
  from: Pair,
): Resize['centers'] | null {
  if (filter.kind === 'cubic' || antialias || excludeOutside) return null
  const isHalfPixel =
    coordinates === 'half_pixel' || (coordinates === 'pytorch_half_pixel' && Math.min(...to) > 1)
  if (filter.kind === 'linear') {
    if (isHalfPixel) return 'half-pixel'
    return coordinates === 'asymmetric'
      ? 'top-left'
      : coordinates === 'align_corners'
        ? 'align-corners'
        : null
  }
  const { rounding } = filter
  // By whole factors up no position lies between two pixels, and each pixel is repeated.
  const isRepeated = [0, 1].every((axis) => Number.isInteger(to[axis]! / from[axis]!))
  const rounds = rounding === 'round_prefer_floor' || rounding === 'round_prefer_ceil'
  if (isRepeated && isHalfPixel && rounds) return 'top-left'
  if (coordinates === 'asymmetric' && rounding === 'floor') return 'top-left'
  if (isHalfPixel && rounding === 'round_prefer_ceil') return 'half-pixel'
  return coordinates === 'align_corners' && rounding === 'round_prefer_ceil' ? 'align-corners' : null
}

export const resizing: Readonly<Record<string, OperatorReader>> = {
  Resize: resize,
  Upsample: upsample,
}
