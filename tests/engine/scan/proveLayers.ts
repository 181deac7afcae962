/** @file Proves boxes of a model's layers by the model itself: noise outside of a unit's box changes nothing. */
import { expect } from 'vitest'
import type { Pair, SupportedLayer } from '../../../src/core/model/network.ts'
import { receptiveField, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import type { Remote } from '../../../src/rpc/remote.ts'
import { agrees } from '../../../src/state/selectors/proof.ts'
import { seeded } from '../../fixtures/random.ts'
import { goldenPicture } from '../goldenInput.ts'

/**
 * Tries `layers` layers, evenly over the depth of the network, each at a random unit and at one on the border. Layers that
 * depend on global statistics say so (`globalContext`), and then need not agree. Returns the number of proofs.
 */
export async function proveLayers(
  engine: Remote<Engine>,
  files: readonly ModelFile[],
  layers: number,
): Promise<number> {
  const { network } = await engine.openModel(files, { inputSize: null })
  const random = seeded(network.layers.length)
  const handle = await goldenPicture(network.inputShape)
  const scannable = [...network.layers.keys()].filter((i) => {
    const layer = network.layers[i]!
    return whyNotScannable(layer) === null && !receptiveField(network, i).whole
  })
  const step = Math.max(1, scannable.length / layers)
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
      const proof = await engine.provePatch({
        layer: index,
        channel: random.int(0, layer.shape.at(-1)! - 1),
        unit,
        box: boxes.box(...unit),
        handle,
        preprocessing: notebookPreprocessing,
        seed: proved,
      })
      proved++
      if (receptiveField(network, index).globalContext) continue
      expect(agrees(proof), `${layer.name} at ${unit.join()}: ${proof.before} and ${proof.after}`).toBe(true)
    }
  }
  return proved
}
