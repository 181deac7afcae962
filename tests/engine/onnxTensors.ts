/** @file Runs ONNX models on the page and gives tensors as the file has them: in its order of axes, whatever lies in memory. */
import * as tf from '@tensorflow/tfjs'
import type { OnnxModel } from '../../src/core/model/onnx/modelProto.ts'
import { readOnnxInput } from '../../src/core/model/onnx/onnxInput.ts'
import type { OnnxNetwork } from '../../src/core/model/onnx/onnxNetwork.ts'
import { dimsOf, type View, viewOf } from '../../src/core/model/onnx/views.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'

export interface FileTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** The graph's outputs for an input in the order of the file; those that only look at the input otherwise included. */
export function fileOutputs(
  model: OnnxModel,
  { network, constants, outputs }: OnnxNetwork,
  input: ArrayLike<number>,
): ReadonlyMap<string, FileTensor> {
  const { shape, axes, batch } = readOnnxInput(model.graph, null)
  const memory = new Float32Array(input.length)
  for (const [i, place] of places(viewOf(shape, batch, axes)).entries()) memory[place] = input[i]!
  const arrays = (layer: number): Float32Array[] => constants[layer]!.map((one) => one.floats()!)
  const tapped = new TapNetwork(network, arrays)
  const image = tf.tensor4d(memory, [batch, ...shape])
  const layers = new Map<number, Float32Array>([[network.input, memory]])
  const taps = new Set([...outputs.values()].map(({ layer }) => layer).filter((i) => i !== network.input))
  tapped.run(image, taps, (layer, output) => {
    layers.set(layer, Float32Array.from(output.dataSync()))
  })
  image.dispose()
  tapped.dispose()
  return new Map(
    [...outputs].map(([name, { layer, view }]) => {
      const found = layers.get(layer)!
      return [name, { dims: dimsOf(view), values: places(view).map((place) => found[place]!) }]
    }),
  )
}

/** By element of the tensor, in the order of the file: where it lies in memory. */
export function places({ parts, axes }: View): Float32Array {
  const strides = parts.map((_, i) => parts.slice(i + 1).reduce((a, b) => a * b, 1))
  let found = [0]
  for (const part of axes.flat()) {
    const steps = Array.from({ length: parts[part]! }, (_, i) => i * strides[part]!)
    found = found.flatMap((start) => steps.map((step) => start + step))
  }
  return Float32Array.from(found)
}
