/** @file How each kind of layer is cut. Those with `null` cannot be: their units see all of the map, or the weights have its size. */
import type { OperationKind, OperationOf, Shape } from '../../model/network.ts'
import { isMap, mapSize } from '../../model/units.ts'
import { type Asked, type Cut, type Cutter, samePlaces, wholeArea } from './cut.ts'
import {
  cutConcat,
  cutCrop,
  cutDepthToSpace,
  cutInterpolate,
  cutPad,
  cutResize,
  cutSlice,
  cutUpsample,
} from './places.ts'
import { cutPool, cutTransposed, cutWindow } from './windows.ts'

const cutters: { readonly [K in OperationKind]: Cutter<K> | null } = {
  input: samePlaces,
  conv: cutWindow,
  depthwiseConv: cutWindow,
  separableConv: cutWindow,
  transposedConv: cutTransposed,
  pool: cutPool,
  globalPool: null,
  batchNorm: samePlaces,
  normalization: samePlaces,
  layerNorm: alongChannels,
  groupNorm: null,
  unitNorm: alongChannels,
  softmax: alongChannels,
  lrn: samePlaces,
  activation: samePlaces,
  where: (asked) =>
    asked.op.operands.some((choice) => typeof choice === 'object' && hasPlaces(choice.shape))
      ? null
      : samePlaces(asked),
  quantize: samePlaces,
  dequantize: samePlaces,
  tile: (asked) => (Math.max(...asked.op.repeats.slice(0, 2)) > 1 ? null : samePlaces(asked)),
  pointwise: samePlaces,
  reduce: alongChannels,
  prelu: (asked) =>
    asked.op.sharedAxes.includes(1) && asked.op.sharedAxes.includes(2) ? samePlaces(asked) : null,
  dense: samePlaces,
  flatten: null,
  reshape: cutReshape,
  rearrange: cutRearrange,
  identity: samePlaces,
  rescale: samePlaces,
  pad: cutPad,
  padChannels: samePlaces,
  crop: cutCrop,
  upsample: cutUpsample,
  resize: cutResize,
  interpolate: cutInterpolate,
  merge: samePlaces,
  addScaled: samePlaces,
  withConstant: (asked) =>
    typeof asked.op.constant === 'object' && hasPlaces(asked.op.constant.shape) ? null : samePlaces(asked),
  concat: cutConcat,
  joinConstants: null,
  matMul: null,
  patches: null,
  token: null,
  sliceChannels: samePlaces,
  takeChannels: samePlaces,
  slice: cutSlice,
  depthToSpace: cutDepthToSpace,
  wholeNumbers: samePlaces,
}

/** A layer that cannot be cut gives all of its output, of all of its inputs. Its operation stays as it is, `same` padding included. */
export function cutOf<K extends OperationKind>(asked: Asked<K>): Cut<K> {
  const { op, inputs, output } = asked
  const whole: Cut<K> = { op, area: wholeArea(output), wants: inputs.map(wholeArea) }
  const cutter = cutters[op.kind] as Cutter<K> | null
  const cut = (isMap(output) && cutter?.(asked)) || whole
  return String([cut.area, cut.wants]) === String([whole.area, whole.wants]) ? whole : cut
}

/** What is computed of the channels of each place by itself; over rows or columns it needs all of them. */
function alongChannels<K extends 'layerNorm' | 'unitNorm' | 'softmax' | 'reduce'>(
  asked: Asked<K>,
): Cut<K> | null {
  const { axes } = asked.op as OperationOf<'softmax'>
  return Math.min(...axes) < asked.output.length - 1 ? null : samePlaces(asked)
}

/** Channels in other groups, at the same places. */
function cutReshape(asked: Asked<'reshape'>): Cut<'reshape'> | null {
  const { op, inputs, output, area } = asked
  if (!isMap(inputs[0]!) || String(mapSize(inputs[0]!)) !== String(mapSize(output))) return null
  const [rows, columns] = lengthsOf(area)
  return samePlaces({ ...asked, op: { ...op, target: [rows, columns, output[2]!] } })
}

/** Channels in another order: rows and columns are the first parts and stay them. */
function cutRearrange(asked: Asked<'rearrange'>): Cut<'rearrange'> | null {
  const { op, inputs, output, area } = asked
  const [height, width] = mapSize(output)
  const stays =
    String(mapSize(inputs[0]!)) === String([height, width]) &&
    [height, width].every((length, part) => op.split[part] === length && op.order[part] === part)
  if (!stays) return null
  const [rows, columns] = lengthsOf(area)
  return samePlaces({
    ...asked,
    op: {
      ...op,
      split: [rows, columns, ...op.split.slice(2)],
      target: [rows, columns, output[2]!],
    },
  })
}

function lengthsOf(area: Asked<'input'>['area']): readonly [number, number] {
  const [rows, columns] = area
  return [rows[1] - rows[0], columns[1] - columns[0]]
}

/** Whether a constant, matched from the last axis, differs from place to place. */
function hasPlaces(shape: Shape): boolean {
  return shape.slice(0, -1).some((length) => length > 1)
}
