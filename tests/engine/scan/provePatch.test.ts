/** The network itself shows that boxes are right: noise outside of them changes nothing, noise any further in does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import {
  channelCount,
  type Network,
  type Pair,
  type SupportedLayer,
} from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { type Box, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import type { BenchEngine } from '../../../src/engine/bench/benchEngine.ts'
import type { PatchProof } from '../../../src/engine/scan/provePatch.ts'
import { agrees } from '../../../src/state/selectors/proof.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import { type FixtureName, fixtureFile } from '../fixtureFiles.ts'
import { goldenPicture } from '../goldenInput.ts'

let engine: WorkerHandle<BenchEngine>
beforeEach(() => {
  engine = spawnEngine()
})
afterEach(() => engine.terminate())

async function open(name: FixtureName, backend: 'wasm' | 'webgl'): Promise<Network> {
  await engine.remote.start(backend)
  const file = await fixtureFile(name)
  const { network } = await engine.remote.openModel([{ path: name, file }], { inputSize: null })
  return network
}

/** Units in a corner, in the opposite one, and between. */
function unitsOf({ shape }: SupportedLayer): Pair[] {
  const [rows, columns] = mapSize(shape)
  return [
    [0, 0],
    [rows - 1, columns - 1],
    [Math.floor(rows / 2), Math.floor(columns / 3)],
  ]
}

async function prove(
  network: Network,
  layer: number,
  channel: number,
  unit: Pair,
  box: Box,
): Promise<PatchProof> {
  const handle = await goldenPicture(network.inputShape)
  return engine.remote.provePatch({
    layer,
    channel,
    unit,
    box,
    handle,
    preprocessing: notebookPreprocessing,
    seed: 1,
  })
}

describe.each(['wasm', 'webgl'] as const)('on %s', (backend) => {
  it.each(['sequential.h5', 'functional.h5', 'keras2-style.h5'] as const)(
    'no unit of %s notices noise outside of its box',
    async (name) => {
      const network = await open(name, backend)
      const tensors = await engine.remote.tensorCount()
      let proved = 0
      for (const [i, layer] of network.layers.entries()) {
        if (whyNotScannable(layer) !== null) continue
        const boxes = new UnitBoxes(network, i)
        for (const unit of unitsOf(layer as SupportedLayer)) {
          const channel = proved++ % channelCount((layer as SupportedLayer).shape)
          const proof = await prove(network, i, channel, unit, boxes.box(...unit))
          expect(agrees(proof), `${layer.name} ${unit.join()}: ${proof.before} and ${proof.after}`).toBe(true)
        }
      }
      expect(proved).toBeGreaterThan(8)
      expect(await engine.remote.tensorCount()).toBe(tensors)
    },
  )
})

it('a box that is a pixel too small on any side does not pass', async () => {
  const network = await open('sequential.h5', 'wasm')
  const layer = network.layers.findIndex(({ name }) => name === 'conv_valid')
  const unit: Pair = [9, 7]
  const box = new UnitBoxes(network, layer).box(...unit)
  expect(agrees(await prove(network, layer, 0, unit, box))).toBe(true)
  for (const [side, inwards] of [1, 1, -1, -1].entries()) {
    const smaller = box.with(side, box[side]! + inwards) as unknown as Box
    const channels = [0, 1, 2, 3, 4, 5, 6, 7].map((channel) => prove(network, layer, channel, unit, smaller))
    expect((await Promise.all(channels)).every(agrees), `side ${side}`).toBe(false)
  }
})

it('shows what the network has seen: the picture inside of the box, noise outside, the same every time', async () => {
  const network = await open('sequential.h5', 'wasm')
  const layer = network.layers.findIndex(({ name }) => name === 'conv_valid')
  const box: Box = [-2, 3, 5, 9]
  const [one, two] = await Promise.all([1, 2].map(() => prove(network, layer, 0, [0, 0], box)))
  const { width, height, data } = one!.noised
  expect([height, width]).toEqual(network.inputShape.slice(0, 2))
  expect(data).toEqual(two!.noised.data)
  let changed = 0
  for (let h = 0; h < height; h++)
    for (let w = 0; w < width; w++) {
      const red = (37 * h + 61 * w + 11 * ((h * w) % 53)) % 256
      const inside = h < 5 && w >= 3 && w < 9
      if (inside) expect(data[(h * width + w) * 4]).toBe(red)
      else if (data[(h * width + w) * 4] !== red) changed++
    }
  expect(changed).toBeGreaterThan(0.95 * (width * height - 30))
})

it('says what is wrong with a picture', async () => {
  const network = await open('sequential.h5', 'wasm')
  const claim = {
    layer: 1,
    channel: 0,
    unit: [0, 0],
    box: [0, 0, 3, 3],
    preprocessing: notebookPreprocessing,
  } as const
  const handle = await fixtureFile('red/broken.png')
  await expect(engine.remote.provePatch({ ...claim, handle, seed: 1 })).rejects.toMatchObject({
    code: 'images/undecodable',
  })
  expect(network.layers.length).toBeGreaterThan(1)
})
