/**
 * Places of maxima on plain and striped images, where many units are equal, in a network that Winograd's convolutions run.
 * They must be NumPy's, which takes the first: see `firstOfEqual`.
 */
import { beforeAll, expect, it } from 'vitest'
import { elementCount, type SupportedLayer } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { kernelFor } from '../../../src/core/model/convolutionKernels.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { Passes } from '../../../src/engine/scan/passes.ts'
import { formula, shapeOf } from '../backend/kernels/convolution/cases.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

const [height, width] = [30, 33]
/** Output channels of the convolutions, each 3×3; with margins of zeros if it is so. */
const convolutions = [
  { filters: 16, same: true },
  { filters: 24, same: false },
  { filters: 40, same: true },
  { filters: 128, same: false },
  { filters: 160, same: true },
]
const description = chain(
  [height, width, 3],
  convolutions.map(({ filters, same }, i) =>
    spec('Conv2D', `conv${i}`, {
      filters,
      kernel_size: 3,
      padding: same ? 'same' : 'valid',
      activation: 'relu',
    }),
  ),
)
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

beforeAll(async () => {
  await startBackend('wasm')
})

const images: Readonly<Record<string, (row: number, column: number, channel: number) => number>> = {
  black: () => 0,
  grey: () => 0.5,
  coloured: (_, __, channel) => [0.2, 0.9, 0.4][channel]!,
  'horizontally striped': (row, _, channel) => (row % 2 ? 0.9 : 0.1 * channel),
  'vertically striped': (_, column, channel) => (Math.floor(column / 4) % 2 ? 0.3 : 0.25 * channel),
}

it.each(Object.entries(images))('of a %s image', async (_, valueAt) => {
  const data = Float32Array.from({ length: height * width * 3 }, (__, i) =>
    valueAt(Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3),
  )
  const network = new TapNetwork(description, (layer) => weights[layer]!)
  const found = await new Passes(network, taps, 1).run(data)
  network.dispose()

  let map: [number, number, number] = [height, width, 3]
  let x: ArrayLike<number> = data
  let [tied, byWinograd] = [0, 0]
  for (const [i, { filters, same }] of convolutions.entries()) {
    const shape = shapeOf({ map, kernel: [3, 3], filters, margins: same ? [1, 1, 1, 1] : [0, 0, 0, 0] })
    if (kernelFor(shape) === 'winograd') byWinograd++
    const [filter, bias] = weights[taps[i]!]! as [Float32Array, Float32Array]
    const exact = formula(shape, 1, { x, filter, bias }).map((value) => Math.max(value, 0))
    const wanted = firstOfEqual(exact, filters)
    expect([...found[i]!.position], `layer ${i}`).toEqual(wanted.map(({ unit }) => unit))
    tied += wanted.filter(({ equals }) => equals > 1).length
    map = [shape.outHeight, shape.outWidth, filters]
    x = exact
  }
  // So that it would be seen.
  expect(byWinograd).toBe(convolutions.length - 1)
  expect(tied).toBeGreaterThan(100)
})

/** Sums of a thousand products in single precision are known so well, as a share of the largest. */
const rounding = 2e-6

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
