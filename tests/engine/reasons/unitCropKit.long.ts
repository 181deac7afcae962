/** Crops of the kit's models give what whole images give, in every layer that is a map. */
import { describe, expect, it } from 'vitest'
import { connect } from '../../../src/rpc/remote.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { kitModel, kitOnnxFiles, kitText } from '../kitFiles.ts'
import type { CropComparison } from './unitCrop.worker.ts'

const keras = [
  'keras2-h5/mlcommons-vww_96.h5',
  'keras2-h5/oarriaga-fer2013_mini_XCEPTION.102-0.66.hdf5',
  'keras3/MelvinArchie01-cnn_model.keras',
  'tfjs-layers/ml5-darknettiny/model.json',
]
const onnx = [
  'torch-ops/unet-ts11.onnx',
  'torchvision/shufflenet_v2_x0_5-ts17.onnx',
  'real/fastml-tiny_unet_ch_last.onnx',
  'timm/repghostnet_050-dy.onnx',
  'timm/test_vit-ts17.onnx',
]

const hasKit = (await kitText('models/manifest.tsv')) !== null

/** In parts of the layer's largest value. Winograd's tiles lie elsewhere in a crop, and each of many layers adds a rounding. */
const tolerances = { asScanned: 2e-6, direct: 9e-7 }

describe.skipIf(!hasKit)('crops of units', () => {
  it.each(keras)('%s', { timeout: 180_000 }, async (path) => compare(await kitModel(path)))
  it.each(onnx)('%s', { timeout: 180_000 }, async (path) => compare(await kitOnnxFiles(path)))
})

async function compare(files: readonly ModelFile[]): Promise<void> {
  const worker = new Worker(new URL('unitCrop.worker.ts', import.meta.url), { type: 'module' })
  const { remote } = connect<CropComparison>(worker as never)
  const compared = await remote.compare(files)
  worker.terminate()
  for (const way of ['asScanned', 'direct'] as const) {
    const { worst, at, cut } = compared[way]
    expect(worst, at).toBeLessThan(tolerances[way])
    expect(cut).toBeGreaterThan(0)
  }
}
