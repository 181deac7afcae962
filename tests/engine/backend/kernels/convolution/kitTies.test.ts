/**
 * The exercise's network on flat and striped images: where direct convolution gives equal units, Winograd's differ by
 * rounding, and the place of a maximum must be NumPy's all the same: the first.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '../../../../../src/rpc/remote.ts'
import { kitFile, kitText } from '../../../kitFiles.ts'
import type { Found, Places } from './places.worker.ts'

const hasKit = (await kitText('truth/activations_golden.json')) !== null
if (!hasKit) console.log('The kit is not beside the project: places on flat images are not compared.')

/** As NumPy does it. */
function argmax({ values, channels }: Found, channel: number): number {
  let at = 0
  for (let p = 1; p < values.length / channels; p++)
    if (values[p * channels + channel]! > values[at * channels + channel]!) at = p
  return at
}

const images: Readonly<Record<string, (row: number, column: number) => number>> = {
  black: () => 0,
  grey: () => 0.5,
  white: () => 1,
  'half and half': (_, column) => (column < 49 ? 0.2 : 0.8),
  'fine stripes': (row) => (row % 2 ? 0.9 : 0.1),
  'wide stripes': (_, column) => (Math.floor(column / 12) % 2 ? 0.7 : 0.3),
  chequered: (row, column) => (Math.floor(row / 16) + Math.floor(column / 16)) % 2,
}

describe.skipIf(!hasKit).each(['relaxed', 'plain'])('with %s SIMD, places on', async (simd) => {
  // HDF5 files are read in workers only.
  const worker = new Worker(new URL('./places.worker.ts', import.meta.url), { type: 'module', name: simd })
  const { remote } = connect<Places>(worker as never)
  const shape = hasKit ? await remote.open([await kitFile('seed/animals_and_plants.h5')]) : []
  afterAll(() => worker.terminate())

  it.each(Object.entries(images))('a %s image are NumPy’s', async (_name, valueAt) => {
    const [height, width, channels] = shape as [number, number, number]
    const data = Float32Array.from({ length: height * width * channels }, (_, i) =>
      valueAt(Math.floor(i / channels / width), Math.floor(i / channels) % width),
    )
    const theirs = await remote.run(data, 'tfjs')
    const ours = await remote.run(data, 'fast')
    expect(theirs.length).toBeGreaterThanOrEqual(9)
    const moved: string[] = []
    let [movedByArgmax, live] = [0, 0]
    for (const [i, layer] of theirs.entries())
      for (let c = 0; c < layer.channels; c++) {
        const want = argmax(layer, c)
        if (layer.values[want * layer.channels + c]! !== 0) live++
        if (argmax(ours[i]!, c) !== want) movedByArgmax++
        for (const position of [layer.position[c], ours[i]!.position[c]])
          if (position !== want) moved.push(`${layer.name} channel ${c}: ${position} instead of ${want}`)
      }
    expect(moved).toEqual([])
    // So that the test would notice if nothing needed the rule any more.
    expect(live).toBeGreaterThan(100)
    expect(movedByArgmax).toBeGreaterThan(0)
  })
})
