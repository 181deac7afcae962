/** @file Lengths made of lengths, as graphs compute the shapes that they ask for. The number of images stays open. */
import { type Length, lengthsOf, type LengthsValue, numbersOf, type Value } from './values.ts'

/** More numbers than any map has rows or columns. */
const mostInRange = 1 << 16

function listOf(lengths: readonly Length[]): LengthsValue {
  return { kind: 'lengths', lengths, scalar: false }
}

export function joinedLengths(values: readonly Value[]): LengthsValue {
  return listOf(values.flatMap((value) => lengthsOf(value).lengths))
}

/** The lengths at these indices; a single index without an axis gives a single length. */
export function lengthsAt(value: Value | undefined, indices: Value | undefined): LengthsValue {
  const { lengths } = lengthsOf(value)
  return { ...lengthsOf(indices), lengths: numbersOf(indices).map((index) => lengths.at(index)!) }
}

export function lengthsInRange(start: number, limit: number, step: number): LengthsValue {
  const count = Math.max(0, Math.ceil((limit - start) / step))
  if (!(count <= mostInRange)) throw new Error(`it counts ${count} numbers`)
  return listOf(Array.from({ length: count }, (_, i) => start + i * step))
}

export function productOfLengths(value: Value | undefined): LengthsValue {
  const product = numbersOf(value).reduce((a, b) => a * b, 1)
  return { kind: 'lengths', lengths: [product], scalar: true }
}

export function eachLength(value: Value, compute: (length: number) => number): LengthsValue {
  return { ...lengthsOf(value), lengths: numbersOf(value).map(compute) }
}

/** Two lists of as many lengths, or a list and a single length. */
export function combinedLengths(
  first: Value,
  second: Value,
  compute: (a: number, b: number) => number,
): LengthsValue {
  const [a, b] = [numbersOf(first), numbersOf(second)]
  const lengths = Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    compute(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!),
  )
  return { kind: 'lengths', lengths, scalar: lengthsOf(first).scalar && lengthsOf(second).scalar }
}

/** The lengths without their fractions. */
export function wholeLengths(value: LengthsValue): LengthsValue {
  const lengths = value.lengths.map((length) => (length === 'batch' ? length : Math.trunc(length)))
  return { ...value, lengths }
}
