/** @file Numbers in whole steps, as quantized networks keep them: rounded to a step, and back. */
import type { OperationOf, Shape } from '../network.ts'
import { type LayerKind, samePlace } from './kind.ts'

type Steps = Pick<OperationOf<'quantize'>, 'scale' | 'zeroPoint'>

function stepwiseShape({ scale, zeroPoint }: Steps, inputs: readonly Shape[]): Shape {
  const channels = inputs[0]!.at(-1)!
  if (scale.some((step) => !(step > 0))) throw new Error('one of its steps is not larger than 0')
  for (const { length } of [scale, zeroPoint])
    if (length !== 1 && length !== channels)
      throw new Error(`it has ${length} numbers for ${channels} channels`)
  return inputs[0]!
}

export const quantize: LayerKind<'quantize'> = {
  kind: 'quantize',
  shape: stepwiseShape,
  weights: () => [],
  reach: samePlace,
}

export const dequantize: LayerKind<'dequantize'> = {
  kind: 'dequantize',
  shape: stepwiseShape,
  weights: () => [],
  reach: samePlace,
}
