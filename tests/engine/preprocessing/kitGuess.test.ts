/** Compares what real models seem to expect, judged by their files, with what their makers' code feeds them. */
import { afterAll, describe, expect, it } from 'vitest'
import { guessPreprocessing } from '../../../src/core/preprocessing/guess/guess.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import { kitFile, kitModel, kitText } from '../kitFiles.ts'

const expected = [
  // The notebook's own.
  ['seed/animals_and_plants.h5', 'notebook', 'sure'],
  // nsfwjs divides by 255, although most MobileNetV2 get something else.
  ['tfjs-layers/nsfwjs-mobilenet_v2-quant/model.json', 'notebook', 'sure'],
  // Darknet divides by 255.
  ['tfjs-layers/ml5-darknettiny/model.json', 'notebook', 'sure'],
  // mlcommons/tiny: ImageDataGenerator(rescale=1/255).
  ['keras2-h5/mlcommons-vww_96.h5', 'notebook', 'sure'],
  // oarriaga's preprocess_input: x / 255, less 0.5, times 2.
  ['keras2-h5/oarriaga-fer2013_mini_XCEPTION.102-0.66.hdf5', 'tf', ''],
] as const

const there = (await kitText('README.md')) !== null

describe.skipIf(!there)('the kit’s models', () => {
  const { remote, terminate } = spawnEngine()
  const started = remote.start('wasm')
  afterAll(terminate)

  it.each(expected)(
    '%s expects %s',
    async (path, id, confidence) => {
      await started
      const files = path.startsWith('seed/') ? [await kitFile(path)] : await kitModel(path)
      const { network, inputWeights } = await remote.openModel(files, { inputSize: null })
      const [guess] = guessPreprocessing({
        network,
        inputWeights,
        name: path.split('/').at(-1)!,
        madeBy: null,
      })
      expect(guess?.id).toBe(id)
      expect(guess?.confidence).toContain(confidence)
    },
    60_000,
  )
})
