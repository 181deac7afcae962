/** @file Which of a channel's neighbours count most: by their weights, or by what they have contributed. */
import type { Term } from './contributions.ts'
import type { KernelSlices } from './fedBy.ts'

/** A channel that is read, or that reads. */
export interface Neighbour {
  /** The index of the layer that computes it. */
  readonly layer: number
  readonly channel: number
  /** The extent of its kernel, and the weights `[rows, columns]`. */
  readonly rows: number
  readonly columns: number
  readonly weights: Float32Array
  readonly norm: number
  /** The sum of the weights: above 0 it excites, below it inhibits. */
  readonly sum: number
  /** Its place among all by the norm, from 1. */
  readonly rank: number
}

/** All neighbours, those with the largest norms first. */
export function byNorm(all: readonly KernelSlices[]): Neighbour[] {
  return all
    .flatMap(({ layer, channels, rows, columns, weights, norms, sums }) =>
      Array.from(channels, (channel, i) => ({
        layer,
        channel,
        rows,
        columns,
        weights: weights.subarray(i * rows * columns, (i + 1) * rows * columns),
        norm: norms[i]!,
        sum: sums[i]!,
      })),
    )
    .toSorted((a, b) => b.norm - a.norm)
    .map((neighbour, i) => ({ ...neighbour, rank: i + 1 }))
}

/** The largest weight, without its sign, of all that are drawn on one scale. */
export function largestWeight(neighbours: readonly Pick<Neighbour, 'weights'>[]): number {
  let largest = 0
  for (const { weights } of neighbours)
    for (const weight of weights) if (Math.abs(weight) > largest) largest = Math.abs(weight)
  return largest
}

/** By layer and channel. */
export function termKey({ layer, channel }: Pick<Term, 'layer' | 'channel'>): string {
  return `${layer}/${channel}`
}

/** An equation that comes out even as it is written: some terms, the rest, and the bias. */
export interface Equation {
  readonly value: number
  /** The largest ones without their signs, largest first. */
  readonly terms: readonly Term[]
  /** How many other terms there are, and their sum. */
  readonly others: number
  readonly rest: number
  readonly bias: number
  /** How many decimals all numbers are written with. */
  readonly decimals: number
}

/** Significant digits of the largest number of an equation. */
const digits = 4

/**
 * Rounds all numbers to the same decimals, and takes what rounding leaves into the rest; without a rest, into the bias. So
 * `value = Σ terms + rest + bias` holds for the rounded numbers, too.
 */
export function equationOf(
  { terms, bias, value }: { readonly terms: readonly Term[]; readonly bias: number; readonly value: number },
  most: number,
): Equation {
  const sorted = terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
  const shown = sorted.slice(0, most)
  const largest = Math.max(Math.abs(value), Math.abs(bias), ...shown.map((term) => Math.abs(term.value)))
  const decimals =
    largest > 0 && largest < Infinity ? Math.max(0, digits - 1 - Math.floor(Math.log10(largest))) : 0
  const scale = 10 ** Math.min(decimals, 12)
  const round = (number: number): number => Math.round(number * scale)
  const others = terms.length - shown.length
  const whole = shown.map((term) => round(term.value))
  const left = round(value) - whole.reduce((sum, number) => sum + number, 0)
  const rest = others > 0 ? left - round(bias) : 0
  return {
    value: round(value) / scale,
    terms: shown.map((term, i) => ({ ...term, value: whole[i]! / scale })),
    others,
    rest: rest / scale,
    bias: (left - rest) / scale,
    decimals: Math.min(decimals, 12),
  }
}

/** The mean of the terms of several units, by channel; a unit that does not read a channel counts as 0. */
export class MeanTerms {
  readonly #sums = new Map<string, number>()
  #count = 0

  get count(): number {
    return this.#count
  }

  add(terms: readonly Term[]): void {
    this.#count++
    for (const term of terms) this.#sums.set(termKey(term), (this.#sums.get(termKey(term)) ?? 0) + term.value)
  }

  /** Is null before the first unit. */
  of(at: Pick<Term, 'layer' | 'channel'>): number | null {
    return this.#count === 0 ? null : (this.#sums.get(termKey(at)) ?? 0) / this.#count
  }
}
