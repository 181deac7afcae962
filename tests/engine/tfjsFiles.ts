/** @file Files of TensorFlow.js models, from a configuration of Keras 3 and arrays. */
import type { Network } from '../../src/core/model/network.ts'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'

/** `network` is what `config` describes; `arrays` are those of a layer. */
export function tfjsFiles(
  config: unknown,
  network: Network,
  arrays: (layer: number) => readonly Float32Array[],
): ModelFile[] {
  const weights: { name: string; shape: readonly number[]; dtype: string }[] = []
  const numbers: Float32Array[] = []
  for (const [i, layer] of network.layers.entries())
    for (const [w, { name, shape }] of (layer.op === null ? [] : layer.weights).entries()) {
      weights.push({ name: `${layer.name}/${name}`, shape, dtype: 'float32' })
      numbers.push(arrays(i)[w]!)
    }
  const model = {
    modelTopology: { model_config: config, keras_version: '3.0.0' },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  }
  return [
    { path: 'model.json', file: new File([JSON.stringify(model)], 'model.json') },
    { path: 'weights.bin', file: new File(numbers as Float32Array<ArrayBuffer>[], 'weights.bin') },
  ]
}
