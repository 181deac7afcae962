/**
 * @file What a layer computes, as a sum of terms `c · xⁿ · Fᵐ`, of a layer `x` before it and one function `F`: whatever the order is
 * in which a file adds and multiplies, the sum is the same.
 */
import type { Operation } from '../network.ts'
import type { Steps } from './steps.ts'

/** By `n,m`: the factor of `xⁿ · Fᵐ`. */
export type Terms = ReadonlyMap<string, number>

export const power = (n: number, m: number): string => `${n},${m}`
export const constant = (c: number): Terms => new Map([[power(0, 0), c]])

export function sum(a: Terms, b: Terms): Terms {
  const all = new Map(a)
  for (const [key, c] of b) all.set(key, (all.get(key) ?? 0) + c)
  return all
}

function product(a: Terms, b: Terms): Terms {
  let all: Terms = new Map()
  for (const [first, c] of a)
    for (const [second, d] of b) {
      const [n, m] = first.split(',').map(Number) as [number, number]
      const [n2, m2] = second.split(',').map(Number) as [number, number]
      all = sum(all, new Map([[power(n + n2, m + m2), c * d]]))
    }
  return all
}

/** Constants of files have few digits. */
const tolerance = 1e-5

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.abs(b)
}

export function isSame(a: Terms, b: Terms): boolean {
  return a.size === b.size && [...b].every(([key, c]) => isNear(a.get(key) ?? Number.NaN, c))
}

/** Steps that lie between the layers that count as `x` and `F`. */
export const mostSteps = 6

/**
 * What a layer computes of `x` and `f`, which are layers; null if it is no such sum. The layers that it takes are added to
 * `taken`, but for `x`.
 */
export function termsOf(
  steps: Steps,
  index: number,
  x: number,
  f: number | null,
  taken: Set<number>,
): Terms | null {
  if (index === x) return new Map([[power(1, 0), 1]])
  if (index === f) return new Map([[power(0, 1), 1]])
  const layer = steps.layer(index)
  if (!layer || !isArithmetic(layer.op) || taken.size > 2 * mostSteps) return null
  taken.add(index)
  const [a, b] = layer.inputs.map((input) => termsOf(steps, input, x, f, taken))
  return a ? computedTerms(layer.op, a, layer.inputs.length === 2 ? (b ?? null) : undefined) : null
}

export function isArithmetic({ kind }: Operation): boolean {
  return kind === 'merge' || kind === 'withConstant' || kind === 'rescale'
}

/** `b` is undefined if there is one input, and null if it is no sum. */
function computedTerms(op: Operation, a: Terms, b: Terms | null | undefined): Terms | null {
  if (op.kind === 'rescale' && op.scale.length === 1 && op.offset.length === 1)
    return sum(product(a, constant(op.scale[0]!)), constant(op.offset[0]!))
  if (op.kind === 'merge' && b) return merged(op.fn, a, b)
  if (op.kind !== 'withConstant' || typeof op.constant !== 'number') return null
  const c = op.constant
  if (op.fn === 'divide') return op.constantFirst ? null : product(a, constant(1 / c))
  if (op.fn === 'power') return !op.constantFirst && (c === 2 || c === 3) ? raised(a, c) : null
  return op.constantFirst ? merged(op.fn, constant(c), a) : merged(op.fn, a, constant(c))
}

function merged(fn: string, a: Terms, b: Terms): Terms | null {
  if (fn === 'add') return sum(a, b)
  if (fn === 'subtract') return sum(a, product(b, constant(-1)))
  return fn === 'multiply' ? product(a, b) : null
}

function raised(a: Terms, exponent: 2 | 3): Terms {
  const square = product(a, a)
  return exponent === 2 ? square : product(square, a)
}
