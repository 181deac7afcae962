/** @file QuantizeLinear and DequantizeLinear on tensors: https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html */
import { formatShape } from '../../kinds/kind.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { type Steps, stepsOf } from '../quantization.ts'
import { type OnnxTensor, usualGroups } from '../values.ts'
import { dimsOf, memoryAxes } from '../views.ts'

/** The tensor in a layer whose channels are the axis that has steps of its own, and these steps. */
function settled(reading: NodeReading): { readonly input: OnnxTensor; readonly steps: Steps } {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const steps = stepsOf(reading, dims)
  if (steps.axis === null) return { input: tensor, steps }
  const input = reading.arranged(tensor, usualGroups(tensor))
  const own = input.view.axes[steps.axis]!
  const places = memoryAxes(input.view, input.shape)
  if (own.some((part) => places[part] !== input.shape.length - 1))
    throw new Error(`it has steps along axis ${steps.axis} of ${formatShape(dims)}, which are no channels`)
  return { input, steps }
}

const quantize: OperatorReader = (reading) => {
  const { input, steps } = settled(reading)
  const { scale, zeroPoint, low, high } = steps
  return reading.inPlace({ kind: 'quantize', scale, zeroPoint, low, high }, input)
}

const dequantize: OperatorReader = (reading) => {
  const { input, steps } = settled(reading)
  return reading.inPlace({ kind: 'dequantize', scale: steps.scale, zeroPoint: steps.zeroPoint }, input)
}

export const quantization: Readonly<Record<string, OperatorReader>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
}
