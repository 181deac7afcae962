/** Proofs on WASM in networks that Winograd's convolutions run: see `provePatch`. */
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { elementCount, type Pair } from '../../../src/core/model/network.ts'
import { UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { type Pixels, writeInput } from '../../../src/core/preprocessing/toInput.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import {
  chooseConvolutions,
  chosenConvolutions,
} from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { PixelReader, usingPixels } from '../../../src/engine/images/decodeImage.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { Passes } from '../../../src/engine/scan/passes.ts'
import { type PatchProof, provePatch } from '../../../src/engine/scan/provePatch.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { goldenPicture } from '../goldenInput.ts'
import { noise, noiseWeights, withNoise } from '../noiseNetwork.ts'

const conv = { filters: 16, kernel_size: 3, padding: 'same', activation: 'relu' }
const description = chain(
  [32, 30, 3],
  ['one', 'two', 'three'].map((name) => spec('Conv2D', name, conv)),
)
const [input, last] = [description.inputShape, 2]
const reader = new PixelReader()

beforeAll(async () => {
  await startBackend('wasm')
})
afterEach(() => chooseConvolutions('fast'))

async function prove(network: TapNetwork, unit: Pair, channel: number): Promise<PatchProof> {
  return provePatch(network, reader, {
    layer: last,
    channel,
    unit,
    box: new UnitBoxes(description, last).box(...unit),
    handle: await goldenPicture(input),
    preprocessing: notebookPreprocessing,
    seed: 1,
  })
}

/** The unit as scans compute it. */
function scanned(network: TapNetwork, pixels: Pixels, [row, column]: Pair, channel: number): number {
  const data = new Float32Array(elementCount(input))
  writeInput(pixels, input, notebookPreprocessing, data, 0)
  const x = tf.tensor4d(data, [1, ...input])
  let found = NaN
  network.run(x, new Set([last]), (_, output) => {
    found = output.bufferSync().get(0, row, column, channel)
  })
  x.dispose()
  return found
}

it('noise outside of the box does not change a bit, as it would with the convolutions of scans', async () => {
  const network = withNoise(description)
  expect(chosenConvolutions()).toBe('fast')
  let changed = 0
  for (let i = 0; i < 48; i++) {
    const unit: Pair = [(i * 7) % input[0], (i * 11) % input[1]]
    const { before, after, noised } = await prove(network, unit, i % 16)
    expect(after, `unit ${unit.join()}`).toBe(before)
    const handle = await goldenPicture(input)
    const plain = await usingPixels(handle, 'ignore', reader, (pixels) =>
      scanned(network, pixels, unit, i % 16),
    )
    const other = scanned(network, noised, unit, i % 16)
    expect(Math.abs(plain - before)).toBeLessThan(1e-4)
    if (plain !== other) changed++
  }
  expect(changed).toBeGreaterThan(3)
  network.dispose()
})

it('leaves the pass alone that a scan runs while a proof waits for its numbers', async () => {
  const scan = withNoise(description)
  const passes = new Passes(scan, [last], 2)
  const images = noise(2 * elementCount(input))
  const alone = await passes.run(images)
  const meanwhile: unknown[] = []
  class Waiting extends TapNetwork {
    override async read(tensor: tf.Tensor): Promise<Float32Array> {
      meanwhile.push(await passes.run(images))
      return super.read(tensor)
    }
  }
  const network = new Waiting(description, noiseWeights(description))
  await prove(network, [5, 5], 0)
  expect(meanwhile).toEqual([alone, alone])
  // So that it would be seen.
  chooseConvolutions('direct')
  expect(await passes.run(images)).not.toEqual(alone)
  scan.dispose()
  network.dispose()
})

it('stays with the convolutions of tfjs if they are chosen', async () => {
  const network = withNoise(description)
  const unit: Pair = [9, 7]
  const { before } = await prove(network, unit, 3)
  chooseConvolutions('tfjs')
  const theirs = await prove(network, unit, 3)
  expect(theirs.after).toBe(theirs.before)
  expect(theirs.before).not.toBe(before)
  network.dispose()
})
