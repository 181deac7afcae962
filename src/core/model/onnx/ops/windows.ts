/** @file Attributes that convolutions and pooling share: kernel, strides, dilations and pads, which are top, left, bottom, right. */
import { formatShape } from '../../kinds/kind.ts'
import type { Margins, Padding, Pair } from '../../network.ts'
import type { NodeReading } from '../nodeReading.ts'

export interface Window {
  readonly kernel: Pair
  readonly strides: Pair
  readonly dilation: Pair
  readonly margins: Margins
}

/**
 * Rows and columns. `kernel`: that of the weights, which the node may say again. `isLine`: the node tells of one axis only, which
 * is the columns of a map of one row.
 */
export function windowOf(reading: NodeReading, kernel: Pair | null, map: Pair, isLine = false): Window {
  const { attributes } = reading
  const given = attributes.numbers('kernel_shape')
  const own = (given && isLine ? [1, ...given] : given) ?? kernel
  if (own?.length !== 2) throw new Error(`its window has ${own?.length ?? 0} axes instead of 2`)
  const size: Pair = [own[0]!, own[1]!]
  const strides = pairOf(reading, 'strides', isLine)
  const dilation = pairOf(reading, 'dilations', isLine)
  return {
    kernel: size,
    strides,
    dilation,
    margins: marginsOf(reading, { kernel: size, strides, dilation }, map, isLine),
  }
}

export function pairOf({ attributes }: NodeReading, key: string, isLine = false): Pair {
  const given = attributes.numbers(key)
  const pair = (given && isLine ? [1, ...given] : given) ?? [1, 1]
  if (pair.length !== 2 || pair.some((n) => n < 1)) attributes.refuse(key, given)
  return [pair[0]!, pair[1]!]
}

function marginsOf(
  reading: NodeReading,
  window: Omit<Window, 'margins'>,
  map: Pair,
  isLine: boolean,
): Margins {
  const { attributes } = reading
  const auto = attributes.text('auto_pad', 'NOTSET')
  const given = attributes.numbers('pads')
  // Those of a line are before and behind its columns.
  const pads = (given && isLine ? [0, ...given.slice(0, 1), 0, ...given.slice(1)] : given) ?? [0, 0, 0, 0]
  if (auto === 'NOTSET') return explicitMargins(reading, pads)
  if (auto === 'VALID') return { rows: [0, 0], columns: [0, 0] }
  if (auto !== 'SAME_UPPER' && auto !== 'SAME_LOWER') attributes.refuse('auto_pad', auto)
  const along = (axis: 0 | 1): Pair => {
    const span = (window.kernel[axis] - 1) * window.dilation[axis] + 1
    const stride = window.strides[axis]
    const total = Math.max((Math.ceil(map[axis] / stride) - 1) * stride + span - map[axis], 0)
    return halves(total, auto === 'SAME_UPPER')
  }
  return { rows: along(0), columns: along(1) }
}

/** `isUpper`: an odd pixel comes at the end. */
export function halves(total: number, isUpper: boolean): Pair {
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)]
  return isUpper ? [less, more] : [more, less]
}

export function explicitMargins({ attributes }: NodeReading, pads: readonly number[]): Margins {
  const [top, left, bottom, right] = pads
  if (pads.length !== 4 || pads.some((n) => n < 0)) attributes.refuse('pads', pads)
  return { rows: [top!, bottom!], columns: [left!, right!] }
}

export function isNothing({ rows, columns }: Margins): boolean {
  return [...rows, ...columns].every((n) => n === 0)
}

/** As `valid` or `same` where these say the same, whatever the size of the map. */
export function paddingOf({ kernel, strides, dilation, margins }: Window): Padding {
  if (isNothing(margins)) return 'valid'
  const isSame = [margins.rows, margins.columns].every(([before, after], axis) => {
    const total = (kernel[axis]! - 1) * dilation[axis]!
    return strides[axis] === 1 && before === Math.floor(total / 2) && after === Math.ceil(total / 2)
  })
  return isSame ? 'same' : margins
}

/** Rows and columns of a map. */
export function mapLengths(shape: readonly number[]): Pair {
  if (shape.length !== 3)
    throw new Error(`it needs a map of rows, columns and channels, not ${formatShape(shape)}`)
  return [shape[0]!, shape[1]!]
}
