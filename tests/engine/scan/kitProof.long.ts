/**
 * The boxes of the kit's models are proved by the models themselves: noise outside of a unit's box changes nothing, except
 * in layers that say so (`globalContext`).
 */
import { describe, expect, it } from 'vitest'
import { kitModel, kitText } from '../kitFiles.ts'
import { proveLayers } from './proveLayers.ts'
import { useWasmEngine } from '../useWasmEngine.ts'

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

describe.skipIf(!hasKit)('no unit notices noise outside of its box', () => {
  const engine = useWasmEngine()

  it.each(models)('%s', { timeout: 120_000 }, async (model) => {
    expect(await proveLayers(engine.remote, await kitModel(model), 12)).toBeGreaterThan(5)
  })
})
