/**
 * Runs a network by convolutions of a choice, and hands out its maps with the places that a scan would note. WebAssembly
 * can do as much as this worker's name says.
 */
import * as tf from '@tensorflow/tfjs'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import {
  type Convolutions,
  chooseConvolutions,
} from '../../../../../src/engine/backend/kernels/convolution/choice.ts'
import type { ModelFile } from '../../../../../src/engine/model/formats/modelFiles.ts'
import { findModel } from '../../../../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../../../../src/engine/model/tapNetwork.ts'
import { reduceChannels } from '../../../../../src/engine/scan/reduceChannels.ts'
import { expose } from '../../../../../src/rpc/expose.ts'
import { limitSimd, type Simd } from '../../../simd.ts'

export interface Found {
  readonly name: string
  readonly channels: number
  readonly values: Float32Array
  readonly position: Uint32Array
}

export class Places {
  #network: TapNetwork | null = null

  /** Rows, columns and channels of the input. */
  async open(files: readonly ModelFile[]): Promise<readonly number[]> {
    await startBackend('wasm')
    const model = await findModel(files, { inputSize: null })
    this.#network = new TapNetwork(model.network, (layer) => model.weights(layer))
    model.close()
    return model.network.inputShape
  }

  /** Of every convolution. */
  async run(data: Float32Array, convolutions: Convolutions): Promise<readonly Found[]> {
    chooseConvolutions(convolutions)
    const { layers, inputShape } = this.#network!.network
    const taps = new Set([...layers.keys()].filter((i) => layers[i]!.op?.kind === 'conv'))
    const found: Promise<Found>[] = []
    const input = tf.tensor4d(data, [1, ...inputShape])
    this.#network!.run(input, taps, (layer, output) => {
      const values = output.dataSync<'float32'>().slice()
      const { name } = layers[layer]!
      const summary = reduceChannels(output, (tensor) => tensor.data<'float32'>())
      found.push(summary.then(({ channels, position }) => ({ name, channels, values, position })))
    })
    input.dispose()
    return Promise.all(found)
  }
}

limitSimd(self.name as Simd)
expose(new Places(), self as never)
