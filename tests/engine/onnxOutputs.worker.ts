/** Opens ONNX models as the engine does, and returns whole outputs by the names of the file's tensors. */
import * as tf from '@tensorflow/tfjs'
import type { Network } from '../../src/core/model/network.ts'
import { scannableLayers } from '../../src/core/model/scannable.ts'
import { startBackend } from '../../src/engine/backend/chooseBackend.ts'
import { findModel } from '../../src/engine/model/openModel.ts'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { expose } from '../../src/rpc/expose.ts'
import { transfer } from '../../src/rpc/transfer.ts'
import { kitLevels } from './kitLevels.ts'

export interface TensorOutput {
  readonly layer: string
  readonly tensor: string
  readonly channels: number
  readonly values: Float32Array<ArrayBuffer>
}

export interface LayerCounts {
  readonly scannable: number
  readonly all: number
}

export class OnnxOutputs {
  #network: Network | null = null

  /** `size`: rows and columns, which matter if the file leaves them open. The input is the kit's (see its README). */
  async run(
    files: readonly ModelFile[],
    size: readonly [number, number],
    backend: 'wasm' | 'webgl' | 'webgpu' = 'wasm',
  ): Promise<readonly TensorOutput[]> {
    await startBackend(backend)
    const model = await findModel(files, { inputSize: size })
    const { network } = model
    this.#network = network
    const tapped = new TapNetwork(network, (layer) => model.weights(layer))
    model.close()
    const isWhole = network.layers.some(({ op }) => op?.kind === 'wholeNumbers')
    const levels = kitLevels(network.inputShape)
    const input = tf.tensor(isWhole ? levels : levels.map((level) => level / 255), [1, ...network.inputShape])
    const taps = new Set([...network.layers.keys()].filter((i) => network.layers[i]!.op !== null))
    const outputs: TensorOutput[] = []
    const later: { at: number; kept: tf.Tensor }[] = []
    tapped.run(input, taps, (layer, output) => {
      const { name, note } = network.layers[layer] as { name: string; note?: string }
      const tensor = /In the file it is "([^]*)"\.$/.exec(note ?? '')?.[1] ?? name
      // WebGPU answers later only.
      const isThere = backend !== 'webgpu'
      if (!isThere) later.push({ at: outputs.length, kept: tf.keep(output.clone()) })
      outputs.push({
        layer: name,
        tensor,
        channels: output.shape.at(-1)!,
        values: isThere ? Float32Array.from(output.dataSync()) : new Float32Array(),
      })
    })
    for (const { at, kept } of later) {
      outputs[at] = { ...outputs[at]!, values: Float32Array.from(await kept.data()) }
      kept.dispose()
    }
    input.dispose()
    tapped.dispose()
    return transfer(
      outputs,
      outputs.map(({ values }) => values.buffer),
    )
  }

  /** Of the model that was run last. */
  layerCounts(): LayerCounts {
    const network = this.#network!
    return { scannable: scannableLayers(network).length, all: network.layers.length }
  }
}

expose(new OnnxOutputs(), self as never)
