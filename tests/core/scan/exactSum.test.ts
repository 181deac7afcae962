import { describe, expect, it } from 'vitest'
import { ExactMoments, ExactSums } from '../../../src/core/scan/exactSum.ts'
import { ratio } from '../../../src/core/scan/ratio.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

/** Any float32 of any size, also denormal, infinite and NaN ones. */
function anyFloat(random: Random): number {
  bits[0] = random.int(0, 2 ** 32 - 1)
  return float[0]!
}

/** The value as a whole multiple of the smallest float32. */
function whole(value: number): bigint {
  return Number.isFinite(value) ? BigInt(value * 2 ** 75 * 2 ** 74) : 0n
}

function reference(values: Float32Array): { sum: bigint; squares: bigint } {
  let sum = 0n
  let squares = 0n
  for (const value of values) {
    sum += whole(value)
    squares += whole(value) ** 2n
  }
  return { sum, squares }
}

/** Adds all values to one cell, one row per value. */
function exact(values: Float32Array): { sum: bigint; squares: bigint; alone: bigint } {
  const sums = new ExactSums(3)
  const moments = new ExactMoments(1)
  const memory = new Uint32Array(values.buffer)
  for (let i = 0; i < values.length; i++) {
    sums.addRow(values, memory, i, i + 1, 1)
    moments.addRow(values, memory, i, i + 1)
  }
  return { ...moments.total(0), alone: sums.total(1) }
}

const extreme = [
  2 ** -149,
  -(2 ** -149),
  3 * 2 ** -149,
  2 ** -126,
  2 ** -126 - 2 ** -149,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1,
  1 + 2 ** -23,
  -1,
  0,
  -0,
  Infinity,
  -Infinity,
  NaN,
]

describe('exact sums', () => {
  it('lose nothing of any numbers there are, squares included; what is not finite is left out', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seeded(seed)
      const values = Float32Array.from({ length: 2000 }, () =>
        random.next() < 0.2 ? random.pick(extreme) : anyFloat(random),
      )
      const expected = reference(values)
      expect(exact(values), `seed ${seed}`).toEqual({ ...expected, alone: expected.sum })
    }
  })

  it('are exact for a million numbers of one size, in any order', () => {
    const random = seeded(5)
    const values = Float32Array.from({ length: 1e6 }, () => 15.5 + random.next() / 4)
    const expected = reference(values)
    expect(exact(values)).toEqual({ ...expected, alone: expected.sum })
    expect(exact(values.toSorted())).toEqual({ ...expected, alone: expected.sum })
  })

  it('do not add up wrongly where a plain sum does', () => {
    const values = Float32Array.of(1e30, 1, -1e30, 1)
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(1)
    expect(exact(values).sum).toBe(whole(2))
  })

  it('add a row to neighbouring cells, and only to those', () => {
    const values = Float32Array.of(9, 1, 2, 3)
    const sums = new ExactSums(5)
    sums.addRow(values, new Uint32Array(values.buffer), 1, 4, 1)
    expect([0, 1, 2, 3, 4].map((cell) => sums.total(cell))).toEqual([0, 1, 2, 3, 0].map(whole))
  })

  it('go on from a snapshot, and refuse one of another number of cells', () => {
    const values = Float32Array.of(1, 1e-30, -7)
    const memory = new Uint32Array(values.buffer)
    const first = new ExactSums(3)
    first.addRow(values, memory, 0, 3, 0)
    const second = new ExactSums(3)
    second.add(structuredClone(first.snapshot()))
    second.addRow(values, memory, 0, 3, 0)
    first.addRow(values, memory, 0, 3, 0)
    expect(second.snapshot()).toEqual(first.snapshot())
    expect(() => new ExactSums(4).add(first.snapshot())).toThrow(RangeError)
  })

  it('take memory only for the sizes that occur', () => {
    const values = Float32Array.of(1, 0, 1.5, Infinity)
    const sums = new ExactSums(4)
    expect(sums.bytes).toBe(0)
    sums.addRow(values, new Uint32Array(values.buffer), 0, 4, 0)
    expect(sums.bytes).toBe(4 * 8)
  })
})

describe('ratio', () => {
  it('rounds as a division of float64 does', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = seeded(seed)
      const a = random.int(-(2 ** 52), 2 ** 52)
      const b = random.int(1, 2 ** random.int(1, 50))
      expect(ratio(BigInt(a), BigInt(b), 0)).toBe(a / b)
      expect(ratio(BigInt(a), BigInt(b), -149)).toBe((a / b) * 2 ** -149)
    }
  })

  it('rounds a tie that a rest far behind breaks upwards', () => {
    const tie = (2n ** 53n + 1n) << 100n
    expect(ratio(tie, 1n << 100n, 0)).toBe(2 ** 53)
    expect(ratio(tie + 1n, 1n << 100n, 0)).toBe(2 ** 53 + 2)
  })

  it('is 0 of 0, and reaches to the smallest numbers there are', () => {
    expect(ratio(0n, 7n, -298)).toBe(0)
    expect(ratio(1n, 1n, -1074)).toBe(2 ** -1074)
    expect(ratio(1n << 700n, 1n << 100n, 300)).toBe(2 ** 900)
  })
})
