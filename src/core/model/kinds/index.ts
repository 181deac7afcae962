/** @file The list of layer kinds: a new one is a file beside this one, a line here and a kernel in the engine. */
import type { OperationKind } from '../network.ts'
import { activation } from './activation.ts'
import { batchNorm } from './batchNorm.ts'
import { conv } from './conv.ts'
import { dense } from './dense.ts'
import { depthwiseConv } from './depthwiseConv.ts'
import { globalPool } from './globalPool.ts'
import type { LayerKind } from './kind.ts'
import { identity, input, rescale } from './pointwise.ts'
import { pool } from './pool.ts'
import { add, concat, crop, flatten, pad } from './reshaping.ts'

const kinds: { readonly [K in OperationKind]: LayerKind<K> } = {
  input,
  conv,
  depthwiseConv,
  pool,
  globalPool,
  batchNorm,
  activation,
  dense,
  flatten,
  identity,
  rescale,
  pad,
  crop,
  add,
  concat,
}

const byClassName = new Map(
  Object.values(kinds).flatMap((kind) =>
    kind.classNames.map((name) => [name, kind as LayerKind<OperationKind>]),
  ),
)

/** The kind that implements a Keras class, if there is one. */
export function kindOfClass(className: string): LayerKind<OperationKind> | undefined {
  return byClassName.get(className)
}

export function kindOf<K extends OperationKind>(op: { kind: K }): LayerKind<K> {
  return kinds[op.kind] as LayerKind<K>
}
