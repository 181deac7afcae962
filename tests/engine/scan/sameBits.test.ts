/** On WASM an image's results are the same to the bit, whatever passes and workers the scan is split into. */
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { elementCount } from '../../../src/core/model/network.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import type { ChannelSummary } from '../../../src/core/scan/channelSummary.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import type { BenchEngine } from '../../../src/engine/bench/benchEngine.ts'
import { Passes } from '../../../src/engine/scan/passes.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import { everyKernel, everyKernelFiles } from '../everyKernel.ts'
import { noise, withNoise } from '../noiseNetwork.ts'
import { pngFile } from '../pngFile.ts'

const description = everyKernel()
const { layers, inputShape } = description
const scannable = [...layers.keys()].filter((layer) => whyNotScannable(layers[layer]!) === null)
const layerNamed = (name: string): number => layers.findIndex((layer) => layer.name === name)
/** All layers, and so few that layers without a tap are computed together with others. */
const choices = [
  ['all layers', scannable],
  ['the last ones', ['wide', 'dense', 'infinite_winograd'].map(layerNamed)],
] as const
const images = 16

/** What one image's map is reduced to. */
type Row = Record<Exclude<keyof ChannelSummary, 'channels'>, number[]>

describe('in passes of 1, 3 and 16', () => {
  const size = elementCount(inputShape)
  // Every fourth image is too dark for the layers that large numbers make infinite.
  const data = noise(images * size).map((value, i) => (Math.floor(i / size) % 4 === 0 ? 0.2 : 3) * value)
  // Numbers that are none, in the middle of two images.
  data[5 * size + 600] = NaN
  data[9 * size + 700] = Infinity

  beforeAll(async () => {
    await startBackend('wasm')
  })

  /** Whole maps by layer, those of each image one behind the other. */
  function mapsOf(taps: readonly number[], passSize: number): Map<number, Float32Array> {
    const network = withNoise(description)
    const maps = new Map<number, Float32Array>()
    for (let at = 0; at < images; at += passSize) {
      const some = data.subarray(at * size, (at + passSize) * size)
      const input = tf.tensor4d(some, [some.length / size, ...inputShape])
      network.run(input, new Set(taps), (layer, output) => {
        const length = elementCount(output.shape.slice(1))
        if (at === 0) maps.set(layer, new Float32Array(images * length))
        maps.get(layer)!.set(output.dataSync<'float32'>(), at * length)
      })
      input.dispose()
    }
    network.dispose()
    return maps
  }

  it.each(choices)('the maps of %s are the same', (_, taps) => {
    const single = mapsOf(taps, 1)
    expect(single.size).toBe(taps.length)
    for (const passSize of [3, 16])
      for (const [layer, numbers] of mapsOf(taps, passSize)) {
        const other = single.get(layer)!
        // WebAssembly leaves open which bits NaN has, and WebKit has several.
        const differs = numbers.findIndex((one, i) => !Object.is(one, other[i]))
        expect(differs, `${layers[layer]!.name}, ${passSize} a pass`).toBe(-1)
      }
  })

  it.each(choices)('what a scan notes of %s is the same', async (_, taps) => {
    const network = withNoise(description)
    const single = await new Passes(network, taps, 1).run(data)
    for (const passSize of [3, 16])
      expect(await new Passes(network, taps, passSize).run(data)).toEqual(single)
    expect(new Set(single.at(-1)!.nan)).toEqual(new Set([0, 1]))
    network.dispose()
  })
})

describe('by 1, 2 and 3 workers', () => {
  let engines: WorkerHandle<BenchEngine>[] = []
  afterEach(() => {
    for (const engine of engines) engine.terminate()
    engines = []
  })

  /** Pictures of noise, from dark ones to bright ones. */
  function picture(image: number): Promise<Blob> {
    const [height, width, channels] = inputShape
    const values = noise(elementCount(inputShape), image + 1)
    const row = (y: number): number[] =>
      Array.from({ length: width * channels }, (_, i) =>
        Math.floor(((values[y * width * channels + i]! + 0.5) * 255 * (1 + (image % 4))) / 4),
      )
    return pngFile(
      width,
      'colour',
      Array.from({ length: height }, (_, y) => row(y)),
    )
  }

  /** The images' summaries, dealt out to the workers in batches; each image with its own. */
  async function scan(workers: number, batch: number, taps: readonly number[]): Promise<Map<number, Row[]>> {
    const found = new Map<number, Row[]>()
    const items = await Promise.all(
      Array.from({ length: images }, async (_, image) => ({ image, handle: await picture(image) })),
    )
    engines = Array.from({ length: workers }, () => spawnEngine())
    await Promise.all(
      engines.map(async ({ remote }, w) => {
        await remote.start('wasm')
        await remote.openModel(everyKernelFiles(), { inputSize: null })
        await remote.beginScan({ layers: taps, preprocessing: notebookPreprocessing, maxPassSize: batch })
        for (let at = w * batch; at < images; at += workers * batch) {
          const report = await remote.scanBatch(items.slice(at, at + batch))
          for (const [row, image] of report.images.entries())
            found.set(
              image,
              report.summaries.map((summary) => rowOf(summary, row)),
            )
        }
      }),
    )
    for (const engine of engines) engine.terminate()
    return found
  }

  function rowOf({ channels, max, position, min, active, nan }: ChannelSummary, row: number): Row {
    const some = (array: ArrayLike<number>): number[] =>
      Array.from(array).slice(row * channels, (row + 1) * channels)
    return { max: some(max), position: some(position), min: some(min), active: some(active), nan: some(nan) }
  }

  it.each(choices)('what they note of %s is the same', async (_, taps) => {
    const single = await scan(1, 1, taps)
    expect(single.size).toBe(images)
    expect(new Set([...single.values()].flat().flatMap(({ nan }) => nan))).toEqual(new Set([0, 1]))
    for (const [workers, batch] of [
      [1, 16],
      [2, 3],
      [3, 4],
    ] as const)
      expect(await scan(workers, batch, taps), `${workers} workers`).toEqual(single)
  })
})
