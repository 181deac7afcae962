/** Views against arrays of which every number is moved as NumPy moves it. */
import { describe, expect, it } from 'vitest'
import {
  arrangementOf,
  dimsOf,
  isByImage,
  memoryAxes,
  permutedView,
  reshapedView,
  squeezedView,
  unsqueezedView,
  type View,
  viewOf,
} from '../../../../src/core/model/onnx/views.ts'
import { indicesOf } from '../../../../src/core/model/onnx/constants.ts'
import { stridesOf } from '../../../../src/core/model/onnx/turned.ts'
import { seeded } from '../../../fixtures/random.ts'

/** The place in memory of each number of the tensor, in the order of the file. */
function places({ parts, axes }: View): number[] {
  const steps = stridesOf(parts)
  const order = axes.flat()
  return [
    ...indicesOf(
      order.map((part) => parts[part]!),
      order.map((part) => steps[part]!),
    ),
  ]
}

/** An array with the numbers 0, 1, 2 … in the order of memory, which follows what the view does. */
interface Naive {
  readonly dims: readonly number[]
  readonly values: readonly number[]
}

function permute({ dims, values }: Naive, order: readonly number[]): Naive {
  const steps = stridesOf(dims)
  const shape = order.map((axis) => dims[axis]!)
  const at = indicesOf(
    shape,
    order.map((axis) => steps[axis]!),
  )
  return { dims: shape, values: [...at].map((i) => values[i]!) }
}

const map = viewOf([4, 6, 12], 1, [2, 0, 1])

it('a map counts channels first', () => {
  expect(dimsOf(map)).toEqual([1, 12, 4, 6])
  expect(places(map).slice(0, 7)).toEqual([0, 12, 24, 36, 48, 60, 72])
  expect(isByImage(map)).toBe(true)
})

it('random reshapes and transposes show the numbers that NumPy shows', () => {
  const { next } = seeded(3)
  const whole = (n: number): number => Math.floor(next() * n)
  let followed = 0
  for (let round = 0; round < 300; round++) {
    let view: View = map
    let naive: Naive = { dims: [1, 12, 4, 6], values: places(map) }
    for (let step = 0; step < 4; step++) {
      if (whole(2) === 0) {
        const order = naive.dims.map((_, axis) => axis)
        for (let i = order.length - 1; i > 1; i--) {
          const j = 1 + whole(i)
          ;[order[i], order[j]] = [order[j]!, order[i]!]
        }
        view = permutedView(view, order)
        naive = permute(naive, order)
      } else {
        // Two neighbours become one, or one becomes two.
        const at = 1 + whole(naive.dims.length - 1)
        const factor = 1 + whole(4)
        const dims =
          whole(2) === 0 && at + 1 < naive.dims.length
            ? naive.dims.toSpliced(at, 2, naive.dims[at]! * naive.dims[at + 1]!)
            : naive.dims[at]! % factor === 0
              ? naive.dims.toSpliced(at, 1, factor, naive.dims[at]! / factor)
              : naive.dims
        const reshaped = reshapedView(view, dims)
        if (!reshaped) continue
        followed++
        view = reshaped
        naive = { ...naive, dims }
      }
      expect(dimsOf(view)).toEqual(naive.dims)
      expect(places(view)).toEqual(naive.values)
    }
  }
  expect(followed).toBeGreaterThan(300)
})

it('an axis that would end in the midst of a part is no view', () => {
  expect(reshapedView(map, [1, 8, 36])).toBeNull()
  expect(reshapedView(map, [1, 12, 8, 3])).not.toBeNull()
  expect(reshapedView(map, [1, 12, 2, 12])).not.toBeNull()
  expect(reshapedView(map, [1, 12, 3, 8])).toBeNull()
  expect(reshapedView(map, [1, 12, 5, 5])).toBeNull()
})

describe('the batch', () => {
  it('of one image goes where the file has a place for it', () => {
    const tokens = reshapedView(map, [12, 24])!
    expect(isByImage(tokens)).toBe(false)
    expect(isByImage(reshapedView(tokens, [1, 12, 24])!)).toBe(true)
    const heads = reshapedView(permutedView(map, [2, 0, 1, 3]), [4, 12, 6])!
    expect(dimsOf(permutedView(heads, [1, 0, 2]))).toEqual([12, 4, 6])
  })

  it('comes and goes with Squeeze and Unsqueeze', () => {
    const alone = squeezedView(map, [0])
    expect(dimsOf(alone)).toEqual([12, 4, 6])
    expect(isByImage(alone)).toBe(false)
    const back = unsqueezedView(alone, [0])
    expect(isByImage(back)).toBe(true)
    expect(back).toEqual(map)
  })

  it('that the file fixes to several stays apart', () => {
    const several = viewOf([4, 6, 12], 8, [2, 0, 1])
    expect(dimsOf(several)).toEqual([8, 12, 4, 6])
    expect(dimsOf(reshapedView(several, [8, 288])!)).toEqual([8, 288])
    expect(reshapedView(several, [4, 576])).toBeNull()
    expect(() => arrangementOf(several, [[0, 1], [2], [3]])).toThrow(/mixes images/)
  })
})

describe('memory', () => {
  it('is asked for in any order', () => {
    expect(arrangementOf(map, [[2], [3], [1]])).toEqual({ order: [1, 2, 3], shape: [4, 6, 12] })
    expect(arrangementOf(map, [[1], [2], [3]])).toEqual({ order: [3, 1, 2], shape: [12, 4, 6] })
    expect(arrangementOf(map, [[1, 2, 3]])).toEqual({ order: [3, 1, 2], shape: [288] })
  })

  it('of a channel shuffle is a permutation of channels', () => {
    const shuffled = reshapedView(
      permutedView(reshapedView(map, [1, 3, 4, 4, 6])!, [0, 2, 1, 3, 4]),
      [1, 12, 4, 6],
    )!
    expect(arrangementOf(shuffled, [[2], [3], [1]])).toEqual({ order: [1, 2, 4, 3], shape: [4, 6, 12] })
    expect(memoryAxes(shuffled, [4, 6, 12])).toEqual([-1, 0, 1, 2, 2])
  })

  it('has no parts of length 1', () => {
    const pooled = viewOf([1, 1, 12], 1, [2, 0, 1])
    expect(dimsOf(pooled)).toEqual([1, 12, 1, 1])
    expect(pooled.parts).toEqual([1, 12])
    expect(memoryAxes(pooled, [1, 1, 12])).toEqual([-1, 2])
  })
})
