/** What a unit answers to a changed patch is what it answers to the same changes made to the picture. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { MapShape, Network, Pair } from '../../../src/core/model/network.ts'
import { type Box, UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { blurOf, blurred, boxInside, greyPixels, shuffled } from '../../../src/core/scan/disturb.ts'
import type { BenchEngine } from '../../../src/engine/bench/benchEngine.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import { fixtureFile } from '../fixtureFiles.ts'
import { goldenPicture } from '../goldenInput.ts'

let engine: WorkerHandle<BenchEngine>
beforeEach(() => {
  engine = spawnEngine()
})
afterEach(() => engine.terminate())

const file = 'sequential.h5'
const seed = 7
const channel = 3

async function open(): Promise<Network> {
  await engine.remote.start('wasm')
  const model = { path: file, file: await fixtureFile(file) }
  return (await engine.remote.openModel([model], { inputSize: null })).network
}

async function pixelsOf(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob)
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, bitmap.width, bitmap.height)
}

function pictureOf(data: ArrayLike<number>, { width, height }: ImageData): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(new ImageData(Uint8ClampedArray.from(data), width, height), 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}

it('of each kind, in corners and between, and frees what it has made', async () => {
  const network = await open()
  const [height, width] = network.inputShape
  const shape: MapShape = [height, width, 4]
  const handle = await goldenPicture(network.inputShape)
  const pixels = await pixelsOf(handle)
  const bytes = Float32Array.from(pixels.data)
  const tensors = await engine.remote.tensorCount()
  for (const name of ['conv_same_s2', 'conv_rect', 'conv_dilated']) {
    const layer = network.layers.findIndex((one) => one.name === name)
    const boxes = new UnitBoxes(network, layer)
    for (const unit of [
      [0, 0],
      [2, 3],
    ] as Pair[]) {
      const box: Box = boxes.box(...unit)
      const inside = boxInside(box, shape)
      const claim = { layer, channel, unit, box, preprocessing: notebookPreprocessing, seed }
      const answerTo = async (data: ArrayLike<number>): Promise<number> =>
        (await engine.remote.provePatch({ ...claim, handle: await pictureOf(data, pixels) })).before
      const found = await engine.remote.disturbPatch({ ...claim, handle })
      expect(found.before).toBe(await answerTo(pixels.data))
      expect(found.grey).toBeCloseTo(await answerTo(greyPixels(pixels).data), 6)
      const moved = shuffled(bytes, shape, inside, seed)
      if (moved === null) expect(found.shuffled).toBe(null)
      else expect(found.shuffled).toBeCloseTo(await answerTo(moved), 6)
      // The picture's bytes are rounded, and the input is not.
      const soft = await answerTo(blurred(bytes, shape, blurOf(inside)))
      expect(Math.abs(found.blurred - soft)).toBeLessThan(0.02 * Math.max(1, Math.abs(soft)))
      expect(new Set([found.before, found.grey, found.blurred]).size).toBe(3)
    }
  }
  expect(await engine.remote.tensorCount()).toBe(tensors)
})
