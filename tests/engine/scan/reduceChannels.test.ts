import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { withConvolutions } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { reduceChannels } from '../../../src/engine/scan/reduceChannels.ts'
import { seeded } from '../../fixtures/random.ts'

const read = (tensor: tf.Tensor): Promise<Float32Array> => tensor.data<'float32'>()

/** Few distinct values, so that ties are everywhere. */
function tiedValues(length: number): Float32Array {
  let seed = 12345
  return Float32Array.from({ length }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return (seed % 7) - 3
  })
}

const adapter = await navigator.gpu?.requestAdapter()
if (!adapter) console.log('This browser has no WebGPU adapter: its kernel is not tested.')

describe.each(adapter ? (['wasm', 'webgl', 'webgpu'] as const) : (['wasm', 'webgl'] as const))(
  'reduceChannels on %s',
  (backend) => {
    beforeAll(async () => {
      await startBackend(backend)
    })

    it.each([
      [[2, 5, 7, 3]],
      [[1, 1, 1, 1]],
      [[3, 4, 4, 8]],
      [[2, 13, 6, 33]],
      [[1, 61, 67, 2]],
      [[2, 40, 41, 21]],
      // A unit less than places are looked for in together, as many, and one more.
      [[2, 1, 7, 5]],
      [[2, 2, 4, 6]],
      [[2, 3, 3, 9]],
      [[1, 7, 7, 301]],
    ] as const)('finds the first maximum in row-major order and the minimum of %s', async (shape) => {
      const [images, height, width, channels] = shape
      const values = tiedValues(images * height * width * channels)
      const before = tf.memory().numTensors
      const x = tf.tensor4d(values, [...shape])
      const summary = await reduceChannels(x, read)
      x.dispose()
      expect(tf.memory().numTensors).toBe(before)
      for (let n = 0; n < images; n++)
        for (let c = 0; c < channels; c++) {
          const column = Array.from(
            { length: height * width },
            (_, p) => values[(n * height * width + p) * channels + c]!,
          )
          const at = n * channels + c
          expect(summary.max[at]).toBe(Math.max(...column))
          expect(summary.position[at]).toBe(column.indexOf(Math.max(...column)))
          expect(summary.min[at]).toBe(Math.min(...column))
          expect(summary.nan[at]).toBe(0)
          expect(summary.active[at]).toBe(column.filter((value) => value > 0).length)
        }
    })

    it('leaves NaN out of a large map, too', async () => {
      const values = new Float32Array(40 * 41 * 2).fill(-Infinity)
      // Channel 0 has its maximum in units 100 and 1000; channel 1 has nothing but -Infinity.
      values[200] = NaN
      values[2000] = -7
      const x = tf.tensor4d(values, [1, 40, 41, 2])
      const { max, position, min, active, nan } = await reduceChannels(x, read)
      x.dispose()
      expect([...max]).toEqual([-7, -Infinity])
      expect([...position]).toEqual([1000, 0])
      expect([...min]).toEqual([-Infinity, -Infinity])
      expect([...active]).toEqual([0, 0])
      expect([...nan]).toEqual([1, 0])
    })

    it('takes a vector as a map of one unit', async () => {
      const x = tf.tensor2d([1, -2, 3, 4, 5, -6], [2, 3])
      const summary = await reduceChannels(x, read)
      x.dispose()
      expect([...summary.max]).toEqual([1, -2, 3, 4, 5, -6])
      expect([...summary.position]).toEqual([0, 0, 0, 0, 0, 0])
    })

    // Only our convolutions make equal units differ: see `firstOfEqual`.
    it.skipIf(backend !== 'wasm')('keeps the first of units that rounding has made differ', async () => {
      const random = seeded(5)
      // A flat map with lower units before: 2.5, −2.5 and 0.01, up to 10⁻⁶ more or less, which is what 2.5 is rounded by.
      const [height, width, channels] = [45, 46, 3]
      const levels = [2.5, -2.5, 0.01]
      const values = Float32Array.from(
        { length: height * width * channels },
        (_, i) => levels[i % channels]! + (random.next() * 2 - 1) * 1e-6,
      )
      const low = [1, 1, 2, 1, 0.5, 2, 2.4, 2.4999]
      for (const [unit, value] of low.entries())
        for (const [c, level] of levels.entries()) values[channels * unit + c] = level - (2.5 - value)
      const x = tf.tensor4d(values, [1, height, width, channels])
      const { max, position } = await withConvolutions('fast', () => reduceChannels(x, read))
      const exact = await withConvolutions('direct', () => reduceChannels(x, read))
      x.dispose()
      expect([...position]).toEqual(levels.map(() => low.length))
      expect(exact.position[0]).toBe(values.indexOf(max[0]!) / channels)
      expect([...max]).toEqual([...exact.max])
      expect(max[0]).toBe(Math.max(...values))
    })

    it('finds a unit that is greater than all others by 10⁻⁵ of the map, whatever the others are', async () => {
      const random = seeded(6)
      const [height, width, channels] = [30, 41, 24]
      const values = new Float32Array(height * width * channels)
      const tops: number[] = []
      for (let c = 0; c < channels; c++) {
        // Values close to each other; those that climb by less than counts are the worst.
        const level = c % 2 ? -1 - c : 1 + c
        for (let p = 0; p < height * width; p++)
          values[p * channels + c] =
            level + Math.abs(level) * (c % 3 ? (random.next() - 1) * 3e-5 : (p / (height * width) - 1) * 1e-3)
        const top = random.int(0, height * width - 1)
        tops.push(top)
        values[top * channels + c] = level + channels * 1.2e-5
      }
      const x = tf.tensor4d(values, [1, height, width, channels])
      const { max, position } = await withConvolutions('fast', () => reduceChannels(x, read))
      x.dispose()
      expect([...position]).toEqual(tops)
      expect([...max]).toEqual(tops.map((top, c) => values[top * channels + c]!))
    })

    it('finds the place of a faint channel beside a strong one', async () => {
      const random = seeded(7)
      const [height, width, channels] = [20, 21, 10]
      // All channels but the first are 10⁴ to 10¹² times as faint as that.
      const strength = (c: number): number => (c === 0 ? 1 : 10 ** (-3 - c))
      const tops = Array.from({ length: channels }, () => random.int(0, height * width - 1))
      const values = Float32Array.from({ length: height * width * channels }, (_, i) => {
        const [unit, c] = [Math.floor(i / channels), i % channels]
        return strength(c) * (unit === tops[c] ? 1.002 : 1 - random.next())
      })
      const x = tf.tensor4d(values, [1, height, width, channels])
      const { position } = await withConvolutions('fast', () => reduceChannels(x, read))
      x.dispose()
      expect([...position]).toEqual(tops)
    })

    it('leaves NaN out of maximum and minimum, and marks the channel', async () => {
      // [1, 1, 3, 2]: channel 0 has a NaN between numbers, channel 1 is nothing but NaN.
      const x = tf.tensor4d([1, NaN, NaN, NaN, 2, NaN], [1, 1, 3, 2])
      const summary = await reduceChannels(x, read)
      x.dispose()
      expect(summary.max[0]).toBe(2)
      expect(summary.position[0]).toBe(2)
      expect([...summary.nan]).toEqual([1, 1])
      expect(summary.min[0]).toBe(1)
      expect(summary.max[1]).toBe(-Infinity)
      expect(summary.min[1]).toBe(Infinity)
      expect([...summary.active]).toEqual([2, 0])
    })

    it('looks for no place behind the map', async () => {
      // Of two images of 3×3 units, the first is nothing but NaN.
      const x = tf.tensor4d(
        Array.from({ length: 18 }, (_, i) => (i < 9 ? NaN : i)),
        [2, 3, 3, 1],
      )
      const { position } = await reduceChannels(x, read)
      x.dispose()
      expect([...position]).toEqual([0, 8])
    })
  },
)
