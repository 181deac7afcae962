/** @file The operations of TensorFlow graphs that are computed: a new one is an entry of a table beside this file. */
import type { OperationReader } from '../nodeReading.ts'
import { activations } from './activations.ts'
import { convolutions } from './convolutions.ts'
import { dilations } from './dilations.ts'
import { elementwise } from './elementwise.ts'
import { matrices } from './matrices.ts'
import { moving } from './moving.ts'
import { pooling } from './pooling.ts'
import { reshaping } from './reshaping.ts'
import { slicing } from './slicing.ts'

/** By the name of the operation. */
export const operationReaders: ReadonlyMap<string, OperationReader> = new Map(
  [activations, convolutions, dilations, elementwise, matrices, moving, pooling, reshaping, slicing].flatMap(
    (table) => Object.entries(table),
  ),
)
