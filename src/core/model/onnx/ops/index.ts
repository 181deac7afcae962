/** @file The operators that are computed from the image: a new one is an entry of a table beside this file. */
import type { OperatorReader } from '../nodeReading.ts'
import { activations } from './activations.ts'
import { convolutions } from './convolutions.ts'
import { elementwise } from './elementwise.ts'
import { einsums } from './einsum.ts'
import { matrices } from './matrices.ts'
import { moving } from './moving.ts'
import { normalizations } from './normalizations.ts'
import { pooling } from './pooling.ts'
import { quantization } from './quantization.ts'
import { reductions } from './reductions.ts'
import { reshaping } from './reshaping.ts'
import { resizing } from './resizing.ts'
import { slicing } from './slicing.ts'

/** By the name of the operator, of ONNX's own domain. */
export const operatorReaders: ReadonlyMap<string, OperatorReader> = new Map(
  [
    activations,
    convolutions,
    einsums,
    elementwise,
    matrices,
    moving,
    normalizations,
    pooling,
    quantization,
    reductions,
    reshaping,
    resizing,
    slicing,
  ].flatMap((table) => Object.entries(table)),
)
