/** @file The list of layer kinds: a new one is a file beside this one, a line here and a kernel in the engine. How a format writes it is read beside the format. */
import type { OperationKind } from '../network.ts'
import { activation, prelu } from './activation.ts'
import { addScaled, merge, where, withConstant } from './arithmetic.ts'
import { batchNorm, normalization } from './batchNorm.ts'
import { conv } from './conv.ts'
import { dense } from './dense.ts'
import { depthToSpace } from './depthToSpace.ts'
import { depthwiseConv, separableConv } from './depthwiseConv.ts'
import { globalPool, reduce } from './globalPool.ts'
import { interpolate } from './interpolate.ts'
import { concat, joinConstants, slice, sliceChannels, takeChannels } from './joining.ts'
import type { LayerKind } from './kind.ts'
import { crop, pad } from './margins.ts'
import { matMul } from './matMul.ts'
import { padChannels } from './padChannels.ts'
import { identity, input, pointwise, rescale, wholeNumbers } from './pointwise.ts'
import { pool } from './pool.ts'
import { flatten, rearrange, reshape } from './reshaping.ts'
import { dequantize, quantize } from './quantization.ts'
import { tile } from './repeating.ts'
import { resize, upsample } from './resizing.ts'
import { groupNorm, layerNorm, lrn, softmax, unitNorm } from './statistics.ts'
import { patches, token } from './tokens.ts'
import { transposedConv } from './transposedConv.ts'

const kinds: { readonly [K in OperationKind]: LayerKind<K> } = {
  input,
  conv,
  depthwiseConv,
  separableConv,
  transposedConv,
  pool,
  globalPool,
  batchNorm,
  normalization,
  layerNorm,
  groupNorm,
  unitNorm,
  softmax,
  lrn,
  activation,
  where,
  quantize,
  dequantize,
  tile,
  pointwise,
  reduce,
  prelu,
  dense,
  flatten,
  reshape,
  rearrange,
  identity,
  rescale,
  pad,
  padChannels,
  crop,
  upsample,
  resize,
  interpolate,
  merge,
  addScaled,
  withConstant,
  concat,
  joinConstants,
  matMul,
  patches,
  token,
  sliceChannels,
  takeChannels,
  slice,
  depthToSpace,
  wholeNumbers,
}

export function kindOf<K extends OperationKind>(op: { kind: K }): LayerKind<K> {
  return kinds[op.kind] as LayerKind<K>
}
