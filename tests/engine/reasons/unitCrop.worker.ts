/** Opens a model as the engine does, and compares crops of its units with the whole image. */
import * as tf from '@tensorflow/tfjs'
import { elementCount, type Pair } from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { withoutWinograd } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { findModel } from '../../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { expose } from '../../../src/rpc/expose.ts'
import { noise } from '../noiseNetwork.ts'
import { type Compared, compareCrops } from './cropComparison.ts'

/** A corner, a border, the middle. */
function cornerBorderMiddle([rows, columns]: Pair): readonly Pair[] {
  const [middle, centre] = [Math.floor(rows / 2), Math.floor(columns / 2)]
  const units: Pair[] = [
    [rows - 1, columns - 1],
    [0, centre],
    [middle, centre],
  ]
  return units.filter((unit, i) => units.findIndex((other) => String(other) === String(unit)) === i)
}

export class CropComparison {
  /**
   * In every layer that is a map, with the kernels of a scan and without Winograd's, whose tiles lie at other units in a crop and
   * round in another way there.
   */
  async compare(files: readonly ModelFile[]): Promise<Readonly<Record<'asScanned' | 'direct', Compared>>> {
    await startBackend('wasm')
    const model = await findModel(files, { inputSize: [96, 96] })
    const { network } = model
    const whole = new TapNetwork(network, (layer) => model.weights(layer))
    model.close()
    const image = tf.tensor4d(noise(elementCount(network.inputShape), 3), [1, ...network.inputShape])
    const maps = [...network.layers.keys()].filter((i) => {
      const layer = network.layers[i]!
      return layer.op !== null && Math.max(...mapSize(layer.shape)) > 1
    })
    const compared = (): Compared => compareCrops(whole, image, maps, cornerBorderMiddle)
    return { asScanned: compared(), direct: withoutWinograd(compared) }
  }
}

expose(new CropComparison(), self as never)
