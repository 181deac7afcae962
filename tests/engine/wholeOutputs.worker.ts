/** Opens models as the engine does, with any input, and returns whole outputs, so that tests can compare them. */
import * as tf from '@tensorflow/tfjs'
import { startBackend } from '../../src/engine/backend/chooseBackend.ts'
import { findModel } from '../../src/engine/model/openModel.ts'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { expose } from '../../src/rpc/expose.ts'
import { transfer } from '../../src/rpc/transfer.ts'

export interface Output {
  readonly name: string
  readonly values: Float32Array<ArrayBuffer>
}

export class WholeOutputs {
  /** Returns the output of every computed layer for the kit's input (see its README). */
  async run(files: readonly ModelFile[]): Promise<readonly Output[]> {
    await startBackend('wasm')
    const model = await findModel(files, { inputSize: null })
    const { network } = model
    const tapped = new TapNetwork(network, (layer) => model.weights(layer))
    model.close()
    const [height, width, channels] = network.inputShape
    const data = new Float32Array(height * width * channels)
    for (let h = 0, i = 0; h < height; h++)
      for (let w = 0; w < width; w++)
        for (let c = 0; c < channels; c++)
          data[i++] = ((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255
    const input = tf.tensor4d(data, [1, height, width, channels])
    const taps = new Set([...network.layers.keys()].filter((i) => network.layers[i]!.op !== null))
    const outputs: Output[] = []
    tapped.run(input, taps, (layer, output) => {
      outputs.push({ name: network.layers[layer]!.name, values: Float32Array.from(output.dataSync()) })
    })
    input.dispose()
    tapped.dispose()
    return transfer(
      outputs,
      outputs.map(({ values }) => values.buffer),
    )
  }
}

expose(new WholeOutputs(), self as never)
