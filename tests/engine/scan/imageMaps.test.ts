/** The maps of one image: a scan's numbers to the bit, whole maps, bounded memory, and answers beside a scan. */
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { channelCount, elementCount, type SupportedLayer } from '../../../src/core/model/network.ts'
import { placesOf } from '../../../src/core/model/places.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { Pixels } from '../../../src/core/preprocessing/toInput.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { backendBytes } from '../../../src/engine/backend/tfjsBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import type { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { ImageMaps } from '../../../src/engine/scan/imageMaps.ts'
import { Passes } from '../../../src/engine/scan/passes.ts'
import { everyKernel, everyKernelFiles } from '../everyKernel.ts'
import { limitHeap } from '../faults.ts'
import { goldenPicture } from '../goldenInput.ts'
import { type LimitedEngine, spawnLimited, variants } from '../limitedEngine.ts'
import { noise, twoConvolutions, withNoise } from '../noiseNetwork.ts'

const description = everyKernel()
const { layers, inputShape } = description
const scannable = [...layers.keys()].filter((layer) => whyNotScannable(layers[layer]!) === null)
const layerNamed = (name: string): number => layers.findIndex((layer) => layer.name === name)
const few = ['winograd_valid', 'wide', 'dense', 'infinite_winograd'].map(layerNamed)
const shapeOf = (layer: number): SupportedLayer => layers[layer] as SupportedLayer
const preprocessing = notebookPreprocessing

/** The largest number of a map and its first place, NaN left out. */
function maximum(values: Float32Array): { max: number; position: number } {
  const max = values.reduce((most, value) => (value > most ? value : most), -Infinity)
  return { max, position: Math.max(0, values.indexOf(max)) }
}

describe('in an engine', () => {
  let engine: LimitedEngine | undefined
  afterEach(() => engine?.terminate())

  it.each(variants)('they are what a scan notes, to the bit, on %s', async (_, { backend, simd }) => {
    engine = spawnLimited(simd)
    const { remote } = engine
    await remote.start(backend)
    await remote.openModel(everyKernelFiles(), { inputSize: null })
    const picture = await goldenPicture(inputShape)
    for (const together of [scannable, few]) {
      await remote.beginScan({ layers: together, preprocessing, maxPassSize: 4 })
      const items = [0, 1, 2].map((image) => ({ image, handle: picture }))
      const { summaries } = await remote.scanBatch(items)
      const scanned = together.map((__, i) => {
        const { channels, max, position, min, active, nan } = summaries[i]!
        const row = (array: ArrayLike<number>): number[] => Array.from(array).slice(channels, 2 * channels)
        return {
          channels,
          max: row(max),
          position: row(position),
          min: row(min),
          active: row(active),
          nan: row(nan),
        }
      })
      // Some of the layers only, in another order.
      const looked = [together.at(-2)!, together[0]!, together[1]!]
      const found = await remote.lookAt(7, { picture, preprocessing, layers: looked, together })
      for (const [i, layer] of looked.entries()) {
        const wanted = scanned[together.indexOf(layer)]!
        const { channels, ...arrays } = found[i]!
        const plain = Object.fromEntries(Object.entries(arrays).map(([key, array]) => [key, [...array]]))
        expect({ channels, ...plain }, layers[layer]!.name).toEqual(wanted)
      }
      for (const layer of together) {
        const { max, position } = scanned[together.indexOf(layer)]!
        const channel = max.length - 1
        const map = await remote.imageMap({ picture, preprocessing, together }, layer, channel)
        expect([map.rows, map.columns]).toEqual(placesOf(shapeOf(layer)))
        expect(maximum(map.values).max, layers[layer]!.name).toBe(max[channel])
        // In some layers of this network a whole map is NaN.
        const there = max[channel] === -Infinity ? NaN : max[channel]
        expect(map.values[position[channel]!]).toBe(there)
      }
    }
  })

  it('each channel and each unit of a layer say the same, and a decoded picture is as good as its file', async () => {
    engine = spawnLimited('relaxed')
    const { remote } = engine
    await remote.start('wasm')
    await remote.openModel(everyKernelFiles(), { inputSize: null })
    const picture = await goldenPicture(inputShape)
    const pixels = await decoded(picture)
    const layer = layerNamed('point')
    const look = { preprocessing, layers: [layer, layerNamed('dense')], together: few }
    const [first, answers] = await remote.lookAt(1, { ...look, picture })
    const [again] = await remote.lookAt(2, { ...look, picture: pixels })
    expect(again).toEqual(first)
    expect(await remote.lookedMap(1, layer, 0)).toBeNull()
    expect(await remote.lookedUnit(1, layer, [0, 0])).toBeNull()
    expect(await remote.lookedUnit(2, layerNamed('dense'), [0, 0])).toEqual(answers!.max)
    const [rows, columns] = placesOf(shapeOf(layer))
    const channels = channelCount(shapeOf(layer).shape)
    const maps = await Promise.all(
      Array.from({ length: channels }, (__, channel) => remote.lookedMap(2, layer, channel)),
    )
    const other = await remote.imageMap({ ...look, picture: pixels }, layer, 5)
    expect(other).toEqual(maps[5])
    expect(new Set(other.values).size).toBeGreaterThan(20)
    for (const [row, column] of [
      [0, 0],
      [1, columns - 1],
      [rows - 1, 2],
    ] as const)
      expect(await remote.lookedUnit(2, layer, [row, column])).toEqual(
        Float32Array.from(maps, (map) => map!.values[row * columns + column]!),
      )
    await remote.forgetLook()
    expect(await remote.lookedMap(2, layer, 0)).toBeNull()
  })

  it.each(['wasm', 'webgl'] as const)('leave no tensor behind on %s', async (backend) => {
    engine = spawnLimited('relaxed')
    const { remote } = engine
    await remote.start(backend)
    await remote.openModel(everyKernelFiles(), { inputSize: null })
    const picture = await goldenPicture(inputShape)
    const look = { picture, preprocessing, layers: scannable, together: scannable }
    await remote.imageMap(look, few[0]!, 0)
    await remote.forgetLook()
    const before = await remote.tensorCount()
    await Promise.all([1, 2, 3].map((id) => remote.lookAt(id, look)))
    await Promise.all(few.map((layer) => remote.lookedMap(3, layer, 0)))
    await remote.lookedUnit(3, few[0]!, [0, 0])
    await remote.imageMap(look, few[0]!, 0)
    expect(await remote.tensorCount()).toBe(before + scannable.length)
    const broken = new Blob(['no picture'])
    await expect(remote.lookAt(4, { ...look, picture: broken })).rejects.toMatchObject({
      code: 'images/unknown-kind',
    })
    expect(await remote.lookedMap(3, few[0]!, 0)).not.toBeNull()
    await remote.forgetLook()
    expect(await remote.tensorCount()).toBe(before)
  })

  it('are there beside a scan of other layers, which finds what it finds alone', async () => {
    engine = spawnLimited('relaxed')
    const { remote } = engine
    await remote.start('wasm')
    await remote.openModel(everyKernelFiles(), { inputSize: null })
    const picture = await goldenPicture(inputShape)
    const items = Array.from({ length: 8 }, (_, image) => ({ image, handle: picture }))
    const look = { picture, preprocessing, together: scannable }
    await remote.beginScan({ layers: few, preprocessing, maxPassSize: 2 })
    const alone = await remote.scanBatch(items)
    const map = await remote.imageMap(look, few[0]!, 3)
    const beside = remote.scanBatch(items)
    const maps = Promise.all([0, 1, 2].map(() => remote.imageMap(look, few[0]!, 3)))
    expect(await maps).toEqual([map, map, map])
    expect((await beside).summaries).toEqual(alone.summaries)
  })
})

describe('in memory', () => {
  const small = twoConvolutions()
  let network: TapNetwork
  const data = (): Pixels => ({
    width: 64,
    height: 64,
    data: Uint8Array.from(noise(64 * 64 * 4), (value) => 255 * (value + 0.5)),
  })
  const look = { picture: data(), preprocessing, layers: [1, 2], together: [1, 2] }
  const mapBytes = 4 * elementCount((small.layers[1] as SupportedLayer).shape)
  let lift = (): void => undefined

  beforeAll(async () => {
    await startBackend('wasm')
    network = withNoise(small)
  })
  afterEach(() => lift())

  it('no more maps are kept than allowed, and the others are computed again', async () => {
    const counts: number[] = []
    const answers: unknown[] = []
    const before = tf.memory().numTensors
    for (const bytes of [0, mapBytes, 2 * mapBytes]) {
      const maps = new ImageMaps(network, new PixelReader(), () => false, bytes)
      const summaries = await maps.look(1, look)
      counts.push(tf.memory().numTensors - before)
      answers.push([
        summaries,
        await maps.map(1, 1, 4),
        await maps.map(1, 2, 5),
        await maps.unit(1, 2, [3, 4]),
      ])
      expect(maps.makeRoom()).toBe(bytes > 0)
      expect(maps.makeRoom()).toBe(false)
      answers.push([
        summaries,
        await maps.map(1, 1, 4),
        await maps.map(1, 2, 5),
        await maps.unit(1, 2, [3, 4]),
      ])
      expect(tf.memory().numTensors).toBe(before)
    }
    expect(counts).toEqual([0, 1, 2])
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('a scan that has no memory gets that of the maps first', async () => {
    const maps = new ImageMaps(network, new PixelReader(), () => false)
    await maps.look(1, look)
    const images = noise(40 * elementCount(small.inputShape))
    const expected = await new Passes(network, [2], 1).run(images)
    const tensors = tf.memory().numTensors
    lift = limitHeap(backendBytes())
    const events: boolean[] = []
    const passes = new Passes(network, [2], 4000, () => {
      const made = maps.makeRoom()
      events.push(made)
      return made
    })
    const many = noise(4000 * elementCount(small.inputShape))
    await passes.run(many)
    expect(events.slice(0, 2)).toEqual([true, false])
    expect(passes.size).toBeLessThan(4000)
    expect(tf.memory().numTensors).toBe(tensors - 2)
    expect(await passes.run(images)).toEqual(expected)
    lift()
    expect((await maps.map(1, 2, 0))!.values).toHaveLength(64 * 64)
  })
})

async function decoded(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file)
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}
