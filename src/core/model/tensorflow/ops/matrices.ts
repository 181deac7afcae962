/** @file Products with a constant matrix: dense layers. */
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import type { GraphConstant } from '../../dataflow/values.ts'
import { transposed } from '../../dataflow/constants.ts'
import { preluOf } from './activations.ts'
import { foldingNote, fusedEnd } from './fusedEnd.ts'

/** `onMaps`: also at each row and column of a map, as BatchMatMul does. */
const product =
  (onMaps: boolean): OperationReader =>
  (reading) => {
    const { attributes } = reading
    for (const key of ['transpose_a', 'adj_x']) if (attributes.flag(key)) attributes.refuse(key, true)
    const turned = ['transpose_b', 'adj_y'].filter((key) => attributes.flag(key)).length > 0
    const matrix = matrixOf(reading, turned)
    const { bias, activation, weights, slopes } = fusedEnd(reading, 2)
    const input = reading.tensor(0)
    if (input.shape.length === 0 || (input.shape.length > 1 && !onMaps))
      throw new Error(`it multiplies [${input.shape.join(', ')}] with a matrix`)
    const op = { kind: 'dense', units: matrix.shape[1]!, bias, activation } as const
    const note = foldingNote(reading, op)
    if (!slopes) return reading.layer(op, [input], [matrix, ...weights], { note })
    const before = reading.layer(op, [input], [matrix, ...weights], { part: 'before PReLU', note })
    return preluOf(reading, before, slopes)
  }

function matrixOf(reading: NodeReading, turned: boolean): GraphConstant {
  const matrix = reading.constant(1)
  if (matrix.shape.length !== 2) throw new Error(`its matrix has shape [${matrix.shape.join(', ')}]`)
  return turned ? transposed(matrix, [1, 0]) : matrix
}

export const matrices: Readonly<Record<string, OperationReader>> = {
  MatMul: product(false),
  _FusedMatMul: product(false),
  BatchMatMul: product(true),
  BatchMatMulV2: product(true),
}
