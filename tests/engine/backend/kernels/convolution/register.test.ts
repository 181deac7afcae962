/** Our convolutions in the place of tfjs': what they take over, what they leave, and what they keep. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import { chooseConvolutions } from '../../../../../src/engine/backend/kernels/convolution/choice.ts'
import { type Numbers, computed, formula, largestError, numbers, numbersFor, shapeOf } from './cases.ts'

const tolerance = 5e-6

beforeAll(async () => {
  await startBackend('wasm')
  chooseConvolutions('fast')
})

function close(found: tf.Tensor, exact: ArrayLike<number>): void {
  expect(largestError(found.dataSync(), exact)).toBeLessThan(tolerance)
}

describe('through tfjs', () => {
  const shape = shapeOf({ map: [12, 13, 20], kernel: [3, 3], filters: 24, margins: [1, 1, 1, 1] })
  const given = numbersFor(shape, 2, true)
  const exact = formula(shape, 2, given)
  const tensors = (): { x: tf.Tensor4D; filter: tf.Tensor4D; bias: tf.Tensor1D } => ({
    x: tf.tensor4d(given.x, [2, 12, 13, 20]),
    filter: tf.tensor4d(given.filter, [3, 3, 20, 24]),
    bias: tf.tensor1d(given.bias!),
  })

  it.each<[string, (value: number) => number, Parameters<typeof tf.fused.conv2d>[0]['activation']]>([
    ['linear', (value) => value, 'linear'],
    ['relu', (value) => Math.max(value, 0), 'relu'],
    ['relu6', (value) => Math.min(Math.max(value, 0), 6), 'relu6'],
    ['sigmoid', (value) => 1 / (1 + Math.exp(-value)), 'sigmoid'],
    ['elu', (value) => (value > 0 ? value : Math.expm1(value)), 'elu'],
  ])('fuses %s', (_, activate, activation) => {
    tf.tidy(() => {
      const { x, filter, bias } = tensors()
      const y = tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'same', activation: activation! })
      close(y, exact.map(activate))
    })
  })

  it('fuses leaky ReLU', () => {
    tf.tidy(() => {
      const { x, filter, bias } = tensors()
      const y = tf.fused.conv2d({
        x,
        filter,
        bias,
        strides: 1,
        pad: 'same',
        activation: 'leakyrelu',
        leakyreluAlpha: 0.3,
      })
      close(
        y,
        exact.map((value) => (value < 0 ? Math.fround(0.3) * value : value)),
      )
    })
  })

  it('takes margins that are given, and maps without a batch', () => {
    tf.tidy(() => {
      const { x, filter, bias } = tensors()
      const margins: [number, number][] = [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]
      close(tf.add(tf.conv2d(x, filter, 1, margins as never), bias), exact)
      const first: tf.Tensor3D = tf.squeeze(tf.slice(x, 0, 1), [0])
      close(tf.add(tf.conv2d(first, filter, 1, 'same'), bias), exact.slice(0, exact.length / 2))
    })
  })

  it('makes several channels of one in depthwise convolutions as tfjs does', () => {
    const x = numbers(6 * 6 * 4, 5)
    const filter = numbers(3 * 3 * 4 * 2, 6)
    const one = shapeOf({ map: [6, 6, 4], kernel: [3, 3], filters: 8, groups: 4 })
    // [row, column, channel, multiplier] is what groups of one channel are, in another order of axes.
    const exactly = formula(one, 1, { x, filter, bias: null })
    tf.tidy(() => {
      const y = tf.depthwiseConv2d(
        tf.tensor4d(x, [1, 6, 6, 4]),
        tf.tensor4d(filter, [3, 3, 4, 2]),
        1,
        'valid',
      )
      close(y, exactly)
    })
  })
})

describe('numbers that are none', () => {
  const shape = shapeOf({ map: [20, 20, 16], kernel: [3, 3], filters: 16, margins: [1, 1, 1, 1] })
  const wild = (value: number): Numbers => {
    const given = numbersFor(shape, 3, true)
    // In the second image only.
    given.x[20 * 20 * 16 + (7 * 20 + 9) * 16 + 3] = value
    return given
  }

  it.each([NaN, Infinity, -Infinity, 3e38])('spread as far as in direct convolution: %d', (value) => {
    const given = wild(value)
    const found = computed(shape, 3, given, 'winograd')
    const direct = computed(shape, 3, given, 'direct')
    const image = 20 * 20 * 16
    // That image is convolved directly, the others are not.
    expect(found.slice(image, 2 * image)).toEqual(direct.slice(image, 2 * image))
    expect(found.slice(0, image)).not.toEqual(direct.slice(0, image))
    expect(found.slice(0, image)).toEqual(
      computed(shape, 1, { ...given, x: given.x.slice(0, image) }, 'winograd'),
    )
    const strange = [...found.keys()].filter((i) => !(Math.abs(found[i]!) < 1000))
    expect(strange.length).toBe(3 * 3 * 16)
    const rows = strange.map((i) => Math.floor((i - image) / 16 / 20))
    const columns = strange.map((i) => Math.floor((i - image) / 16) % 20)
    expect([Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)]).toEqual([
      6, 8, 8, 10,
    ])
  })

  it.each(['relu', 'relu6', 'hard_silu', 'silu'] as const)('pass %s as NaN', (fn) => {
    const found = computed(shape, 3, wild(NaN), 'direct', { fn })
    expect(found.filter((value) => Number.isNaN(value)).length).toBe(3 * 3 * 16)
  })

  it('in weights lead to direct convolution', () => {
    const given = numbersFor(shape, 1, false)
    given.filter[5] = Infinity
    expect(computed(shape, 1, given, 'winograd')).toEqual(computed(shape, 1, given, 'direct'))
  })
})

describe('packed weights', () => {
  it('are made once, and freed with their tensor', () => {
    const { wasm } = tf.backend() as BackendWasm
    /* oxlint-disable no-underscore-dangle -- as tfjs names it */
    const malloc = vi.spyOn(wasm, '_malloc')
    const free = vi.spyOn(wasm, '_free')
    const x = tf.zeros<tf.Rank.R4>([1, 12, 12, 16])
    const filter = tf.ones<tf.Rank.R4>([3, 3, 16, 16])
    const before = tf.memory().numTensors
    tf.conv2d(x, filter, 1, 'valid').dispose()
    malloc.mockClear()
    free.mockClear()
    tf.conv2d(x, filter, 1, 'valid').dispose()
    // Its output, and room to work in.
    expect(malloc).toHaveBeenCalledTimes(2)
    expect(free).toHaveBeenCalledTimes(2)
    expect(tf.memory().numTensors).toBe(before)
    free.mockClear()
    // A tensor of another shape that shares the numbers keeps them.
    const same = tf.reshape(filter, [9, 16, 16])
    filter.dispose()
    expect(free).toHaveBeenCalledTimes(0)
    same.dispose()
    // The tensor, its weights for Winograd, and the table of tiles.
    expect(free).toHaveBeenCalledTimes(3)
    malloc.mockRestore()
    free.mockRestore()
    x.dispose()
  })
})

it('leaves passes of no images to tfjs', () => {
  tf.tidy(() => {
    const y = tf.conv2d(tf.ones<tf.Rank.R4>([0, 5, 5, 2]), tf.ones<tf.Rank.R4>([3, 3, 2, 4]), 1, 'same')
    expect(y.shape).toEqual([0, 5, 5, 4])
  })
})
