/**
 * The boxes of the kit's models are proved by the models themselves: noise outside of a unit's box changes nothing, except
 * in layers that say so (`globalContext`).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { Pair, SupportedLayer } from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { agrees } from '../../../src/state/selectors/proof.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import { seeded } from '../../fixtures/random.ts'
import { goldenPicture } from '../goldenInput.ts'
import { kitModel, kitText } from '../kitFiles.ts'

const hasKit = (await kitText('README.md')) !== null
if (!hasKit) console.log('The kit is not beside the project: the boxes of its models are not proved.')

const models = [
  'keras2-h5/mlcommons-vww_96.h5',
  'keras2-h5/oarriaga-fer2013_big_XCEPTION.54-0.66.hdf5',
  'keras2-h5/oarriaga-fer2013_mini_XCEPTION.102-0.66.hdf5',
  'keras2-h5/oarriaga-fer2013_mini_XCEPTION.119-0.65.hdf5',
  'keras2-h5/oarriaga-mini_XCEPTION_KDEF.hdf5',
  'keras3/07subhadip-Subhadip_Hensh_MNIST_CNN.keras',
  'keras3/MelvinArchie01-cnn_model.keras',
  'tfjs-layers/cnn-explainer-tinyvgg/model.json',
  'tfjs-layers/ml5-darknettiny/model.json',
  'tfjs-layers/nsfwjs-mobilenet_v2-quant/model.json',
  'tfjs-graph/mnist-cnn-subhadip/model.json',
  'tfjs-graph/vladmandic-antispoof/antispoof.json',
  'tfjs-graph/vladmandic-liveness/liveness.json',
  'tfjs-graph/vladmandic-emotion/emotion.json',
  'tfjs-graph/vladmandic-gear/gear.json',
  'tfjs-graph/vladmandic-gender-ssrnet-imdb/gender-ssrnet-imdb.json',
  'tfjs-graph/vladmandic-blazeface/blazeface.json',
  'tfjs-graph/vladmandic-blazeface-front/blazeface-front.json',
  'tfjs-graph/vladmandic-facemesh-detection-short/facemesh-detection-short.json',
  'tfjs-graph/vladmandic-selfie/selfie.json',
  'tfjs-graph/vladmandic-mobileface/mobileface.json',
]

/** The number of layers tried per model, evenly over its depth; each at a random unit and at one on the border. */
const layersTried = 12

describe.skipIf(!hasKit)('no unit notices noise outside of its box', () => {
  let engine: WorkerHandle<Engine>
  beforeAll(async () => {
    engine = spawnEngine()
    await engine.remote.start('wasm')
  })
  afterAll(() => engine.terminate())

  it.each(models)('%s', { timeout: 120_000 }, async (model) => {
    const { network } = await engine.remote.openModel(await kitModel(model), { inputSize: null })
    const random = seeded(network.layers.length)
    const handle = await goldenPicture(network.inputShape)
    const scannable = [...network.layers.keys()].filter((i) => {
      const layer = network.layers[i]!
      return whyNotScannable(layer) === null && !receptiveField(network, i).whole
    })
    const step = Math.max(1, scannable.length / layersTried)
    let proved = 0
    for (let at = 0; at < scannable.length; at += step) {
      const index = scannable[Math.floor(at)]!
      const layer = network.layers[index] as SupportedLayer
      const [rows, columns] = mapSize(layer.shape)
      const boxes = new UnitBoxes(network, index)
      const units: Pair[] = [
        [random.int(0, rows - 1), random.int(0, columns - 1)],
        [random.pick([0, rows - 1]), random.pick([0, columns - 1])],
      ]
      for (const unit of units) {
        const proof = await engine.remote.provePatch({
          layer: index,
          channel: random.int(0, layer.shape.at(-1)! - 1),
          unit,
          box: boxes.box(...unit),
          handle,
          preprocessing: notebookPreprocessing,
          seed: proved,
        })
        proved++
        // Layers that depend on global statistics say so beforehand.
        if (receptiveField(network, index).globalContext) continue
        expect(agrees(proof), `${layer.name} at ${unit.join()}: ${proof.before} and ${proof.after}`).toBe(
          true,
        )
      }
    }
    expect(proved).toBeGreaterThan(5)
  })
})
