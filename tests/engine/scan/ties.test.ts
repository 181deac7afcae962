/**
 * Places of maxima on plain and striped images, where many units are equal, in a network that Winograd's convolutions run.
 * They must be NumPy's, which takes the first, whatever computes: see `firstOfEqual`.
 */
import { afterEach, expect, it } from 'vitest'
import { elementCount, type SupportedLayer } from '../../../src/core/model/network.ts'
import { kernelFor } from '../../../src/core/model/convolutionKernels.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { formula, shapeOf } from '../backend/kernels/convolution/cases.ts'
import { inputSpec, networkOf, sequentialJson, spec } from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'
import { type LimitedEngine, spawnLimited, variants } from '../limitedEngine.ts'
import { pngFile } from '../pngFile.ts'
import { tfjsFiles } from '../tfjsFiles.ts'

const [height, width] = [30, 33]
/** Output channels of the convolutions, each 3×3; with margins of zeros if it is so. */
const convolutions = [
  { filters: 16, same: true },
  { filters: 24, same: false },
  { filters: 40, same: true },
  { filters: 128, same: false },
  { filters: 160, same: true },
]
const config = sequentialJson([
  inputSpec([height, width, 3]),
  ...convolutions.map(({ filters, same }, i) =>
    spec('Conv2D', `conv${i}`, {
      filters,
      kernel_size: 3,
      padding: same ? 'same' : 'valid',
      activation: 'relu',
    }),
  ),
])
const description = networkOf(config)
const weights = description.layers.map((layer, i) =>
  (layer as SupportedLayer).weights.map(({ shape }, w) => {
    const random = seeded(10 * i + w)
    // So that a layer's numbers are about as large as those of the one before.
    const size = Math.sqrt(6 / (elementCount(shape) / shape.at(-1)!))
    return Float32Array.from(
      { length: elementCount(shape) },
      () => (random.next() * 2 - 1) * (w ? 0.1 : size),
    )
  }),
)
const taps = convolutions.map((_, i) => description.layers.findIndex(({ name }) => name === `conv${i}`))

/** Bytes by row, column and channel. */
const images: Readonly<Record<string, (row: number, column: number, channel: number) => number>> = {
  black: () => 0,
  grey: () => 128,
  coloured: (_, __, channel) => [50, 230, 100][channel]!,
  'horizontally striped': (row, _, channel) => (row % 2 ? 230 : 25 * channel),
  'vertically striped': (_, column, channel) => (Math.floor(column / 4) % 2 ? 76 : 64 * channel),
}

/** Sums of a thousand products in single precision are known so well, as a share of the largest. */
const rounding = 2e-6

/** What NumPy finds in each layer of an image, in double precision; and how many channels have a tie. */
const wanted = new Map(
  Object.entries(images).map(([name, valueAt]) => {
    let map: [number, number, number] = [height, width, 3]
    let x: ArrayLike<number> = Float64Array.from(
      { length: height * width * 3 },
      (_, i) => valueAt(Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3) / 255,
    )
    const layers = convolutions.map(({ filters, same }, i) => {
      const shape = shapeOf({ map, kernel: [3, 3], filters, margins: same ? [1, 1, 1, 1] : [0, 0, 0, 0] })
      const [filter, bias] = weights[taps[i]!]! as [Float32Array, Float32Array]
      const exact = formula(shape, 1, { x, filter, bias }).map((value) => Math.max(value, 0))
      map = [shape.outHeight, shape.outWidth, filters]
      x = exact
      return { kernel: kernelFor(shape), channels: firstOfEqual(exact, filters) }
    })
    return [name, layers]
  }),
)

it('has many ties, in layers that Winograd computes', () => {
  for (const layers of wanted.values()) {
    expect(layers.map(({ kernel }) => kernel)).toEqual(['direct', ...Array(4).fill('winograd')])
    const tied = layers.flatMap(({ channels }) => channels).filter(({ equals }) => equals > 1)
    expect(tied.length).toBeGreaterThan(100)
  }
})

let engine: LimitedEngine | undefined
afterEach(() => engine?.terminate())

it.each(variants)('are the first ones on %s', async (_, { backend, simd, isReference }) => {
  engine = spawnLimited(simd)
  const { remote } = engine
  expect(await remote.start(backend)).toMatchObject({ isReference })
  const files = tfjsFiles(config, description, (layer) => weights[layer]!)
  await remote.openModel(files, { inputSize: null })
  await remote.beginScan({ layers: taps, preprocessing: notebookPreprocessing, maxPassSize: 1 })
  for (const [name, valueAt] of Object.entries(images)) {
    const rows = Array.from({ length: height }, (__, row) =>
      Array.from({ length: width * 3 }, (___, i) => valueAt(row, Math.floor(i / 3), i % 3)),
    )
    const handle = await pngFile(width, 'colour', rows)
    const { summaries } = await remote.scanBatch([{ image: 0, handle }])
    for (const [i, { channels }] of wanted.get(name)!.entries())
      expect([...summaries[i]!.position], `layer ${i} of a ${name} image`).toEqual(
        channels.map(({ unit }) => unit),
      )
  }
})

/** For each channel the first unit whose number is the greatest one up to rounding, and how many have it. */
function firstOfEqual(exact: Float64Array, channels: number): { unit: number; equals: number }[] {
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Array.from({ length: channels }, (_, c) => {
    const column = exact.filter((__, i) => i % channels === c)
    const most = column.reduce((greatest, value) => Math.max(greatest, value))
    const equal = (value: number): boolean => value >= most - rounding * largest
    return { unit: column.findIndex(equal), equals: column.filter(equal).length }
  })
}
