/**
 * *Prove it* holds for the kit's ONNX files: noise outside of a unit's box changes nothing, in 12 layers of each export, by
 * whatever axes, views and steps within nodes it was read.
 */
import { describe, expect, it } from 'vitest'
import { kitOnnxFiles, kitText } from '../kitFiles.ts'
import { proveLayers } from './proveLayers.ts'
import { useWasmEngine } from '../useWasmEngine.ts'

const manifest = await kitText('onnx/manifest.tsv')
if (manifest === null)
  console.log('The kit is not beside the project: the boxes of its ONNX files are not proved.')

/** Exports of whole networks; other folders hold single operators, whose fields are measured (`kitNetworks.test.ts`). */
const folders = /^(torchvision|timm|trained|keras|real)\//
const models = (manifest ?? '')
  .split('\n')
  .map((line) => line.split('\t')[0]!)
  // Of this one the first node is refused.
  .filter((path) => folders.test(path) && !path.endsWith('tiny_unet_ch_last.onnx'))

describe.skipIf(manifest === null)('no unit of an ONNX export notices noise outside of its box', () => {
  const engine = useWasmEngine()

  it.each(models)('%s', { timeout: 120_000 }, async (model) => {
    expect(await proveLayers(engine.remote, await kitOnnxFiles(model), 12)).toBeGreaterThan(1)
  })
})
