/**
 * @file Sums of float32 numbers, and of their squares, without any rounding: neither the order of the numbers nor how
 * they were shared out can change a bit of the result.
 *
 * A float64 has 53 bits and a float32 needs 24, so a plain sum of numbers of similar size is exact. Numbers are
 * therefore summed in groups of four binary exponents: within a group all are whole multiples of one unit and at most
 * 2^27 of it, and 2^26 (67 million) of them fit exactly. The idea is that of J. Demmel and H. D. Nguyen, "Parallel
 * Reproducible Summation" (2015), with bins that are kept instead of discarded.
 */
import { LazyColumns } from './lazyColumns.ts'

/** Sums are whole multiples of 2 to this power, the smallest float32; sums of squares are multiples of its square. */
export const unitExponent = -149

/** The exponent's bits of a float32, less the lowest two: the group. */
const groupShift = 25
export const groups = 64

/** ±Infinity and NaN have nothing to be summed. */
const firstNotFinite = 0x7f800000

/** The lowest exponent field of a group; denormal numbers (field 0) have the unit of field 1. */
export function lowestField(group: number): number {
  return Math.max(1, group * 4)
}

/** One sum for each of `cells`. */
export class ExactSums extends LazyColumns<Float64Array> {
  constructor(cells: number) {
    super(groups, () => new Float64Array(cells))
  }

  /**
   * Adds `values[from … to)` to the cells from `cell` on; what is not finite is left out. `bits` is the same memory,
   * as `Uint32Array`.
   */
  addRow(values: Float32Array, bits: Uint32Array, from: number, to: number, cell: number): void {
    const { columns } = this
    for (let i = from, c = cell; i < to; i++, c++) {
      const size = bits[i]! & 0x7fffffff
      if (size === 0 || size >= firstNotFinite) continue
      const column = columns[size >>> groupShift] ?? this.open(size >>> groupShift)
      column[c]! += values[i]!
    }
  }

  /** Exact, in units of 2^-149. */
  total(cell: number): bigint {
    let total = 0n
    for (const [group, column] of this.entries) {
      const field = lowestField(group)
      total += BigInt(column[cell]! * 2 ** (150 - field)) << BigInt(field - 1)
    }
    return total
  }
}

/**
 * A square has 48 bits, and within a group 54: each is split at a fixed place of its group into a high and a low part
 * of 27, by adding and taking away a number whose last bit is there.
 */
export const splitBits = 27
const splitter = Float64Array.from(
  { length: groups },
  (_, group) => 2 ** (52 + splitBits + 2 * (lowestField(group) - 150)),
)

/**
 * The sum and the sum of squares for each of `cells`. Three numbers of each cell lie side by side: the sum, and the high and
 * the low part of the sum of squares.
 */
export class ExactMoments extends LazyColumns<Float64Array> {
  constructor(cells: number) {
    super(groups, () => new Float64Array(3 * cells))
  }

  /** Adds as `ExactSums.addRow` does, to the cells from 0 on. */
  addRow(values: Float32Array, bits: Uint32Array, from: number, to: number): void {
    const { columns } = this
    for (let i = from, c = 0; i < to; i++, c += 3) {
      const size = bits[i]! & 0x7fffffff
      if (size === 0 || size >= firstNotFinite) continue
      const group = size >>> groupShift
      const column = columns[group] ?? this.open(group)
      const value = values[i]!
      const square = value * value
      const high = square + splitter[group]! - splitter[group]!
      column[c]! += value
      column[c + 1]! += high
      column[c + 2]! += square - high
    }
  }

  /** Both exact: the sum in units of 2^-149, that of the squares in units of 2^-298. */
  total(cell: number): { readonly sum: bigint; readonly squares: bigint } {
    let sum = 0n
    let squares = 0n
    for (const [group, column] of this.entries) {
      const field = lowestField(group)
      const scale = 2 ** (150 - field)
      const at = 3 * cell
      const high = (column[at + 1]! * scale * scale) / 2 ** splitBits
      const low = column[at + 2]! * scale * scale
      sum += BigInt(column[at]! * scale) << BigInt(field - 1)
      squares += ((BigInt(high) << BigInt(splitBits)) + BigInt(low)) << BigInt(2 * (field - 1))
    }
    return { sum, squares }
  }
}
