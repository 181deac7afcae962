/** Activation functions against their formulas in double precision, over all that single precision holds. */
import { describe, expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { makeActivation } from '../../../../../src/engine/backend/kernels/convolution/activated.ts'
import type { Activation } from '../../../../../src/engine/backend/kernels/convolution/shape.ts'
import type { Arithmetic } from '../../../../../src/engine/backend/kernels/convolution/tiles.ts'
import { writeProgram } from '../../../../../src/engine/backend/kernels/writer/program.ts'
import { loadF32x4 } from '../../../../../src/engine/backend/kernels/writer/memory.ts'

function applied(activation: Activation, arithmetic: Arithmetic, numbers: readonly number[]): Float32Array {
  const memory = new WebAssembly.Memory({ initial: 16 })
  new Float32Array(memory.buffer).set(numbers)
  const bytes = writeProgram({
    apply(f) {
      const [at, end] = [f.parameter(), f.parameter()]
      const activated = makeActivation(f, activation, arithmetic)
      f.repeat(() => {
        f.store(at, activated(loadF32x4(at)))
        f.step(at, 16)
        return at.ltU(end)
      })
    },
  })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  ;(exports['apply'] as (at: number, end: number) => void)(0, 4 * numbers.length)
  return new Float32Array(memory.buffer, 0, numbers.length).slice()
}

/** Both signs, from the smallest to the largest in single precision, and close together where exponential functions vary. */
const finite = [
  ...Array.from({ length: 44_000 }, (_, i) => (i - 22_000) * 0.0044),
  ...Array.from({ length: 10_080 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 2 ** (i / 40 - 124)),
  0,
  -0,
].map(Math.fround)

/** The distance of neighbours in single precision; numbers below 2⁻⁹⁷ count as 0. */
function ulp(value: number): number {
  return 2 ** (Math.max(-97, Math.floor(Math.log2(Math.abs(value)))) - 23)
}

/** The largest error, in units in the last place. */
function largestError(found: Float32Array, exact: (x: number) => number): number {
  return finite.reduce((largest, x, i) => {
    const right = exact(x)
    return Math.max(largest, Math.abs(found[i]! - right) / ulp(right))
  }, 0)
}

const hardSigmoid = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const general = { fn: 'general_relu', max: 5, slope: 0.25, threshold: 1 } as const

const functions: readonly [
  activation: Activation,
  exact: (x: number) => number,
  units: number,
  ends: readonly number[],
][] = [
  [{ fn: 'linear' }, (x) => x, 0, [-Infinity, Infinity]],
  [{ fn: 'relu' }, (x) => Math.max(x, 0), 0, [0, Infinity]],
  [{ fn: 'relu6' }, (x) => Math.min(Math.max(x, 0), 6), 0, [0, 6]],
  [{ fn: 'leaky_relu', slope: 0.25 }, (x) => (x < 0 ? 0.25 * x : x), 0, [-Infinity, Infinity]],
  [general, (x) => (x > 1 ? Math.min(x, 5) : 0.25 * (x - 1)), 1, [-Infinity, 5]],
  [{ ...general, max: null, slope: 0 }, (x) => (x > 1 ? x : 0), 0, [0, Infinity]],
  [{ fn: 'sigmoid' }, sigmoid, 3, [0, 1]],
  // −∞ · 0, as TensorFlow computes it.
  [{ fn: 'silu' }, (x) => x * sigmoid(x), 3, [NaN, Infinity]],
  [{ fn: 'elu' }, (x) => (x > 0 ? x : Math.expm1(x)), 3, [-1, Infinity]],
  [
    { fn: 'elu_alpha', alpha: 0.3 },
    (x) => (x > 0 ? x : 0.3 * Math.expm1(x)),
    3.5,
    [-Math.fround(0.3), Infinity],
  ],
]

// WebKit has no relaxed SIMD.
const arithmetics: readonly Arithmetic[] = server.browser === 'webkit' ? ['plain'] : ['plain', 'fused']

describe.each(arithmetics)('in %s arithmetic', (arithmetic) => {
  it.each(functions)('%o', (activation, exact, units, ends) => {
    expect(largestError(applied(activation, arithmetic, finite), exact)).toBeLessThanOrEqual(units)
    expect([...applied(activation, arithmetic, [-Infinity, Infinity, NaN, NaN])]).toEqual([...ends, NaN, NaN])
  })

  // Sums cancel near −3 and −2.5: there only the error beside 1 counts.
  it.each([
    ['hard_sigmoid', hardSigmoid, [0, 1]],
    ['hard_sigmoid_2', (x: number) => Math.min(Math.max(0.2 * x + 0.5, 0), 1), [0, 1]],
    ['hard_silu', (x: number) => x * hardSigmoid(x), [NaN, Infinity]],
  ] as const)('%s', (fn, exact, ends) => {
    const found = applied({ fn }, arithmetic, finite)
    for (const [i, x] of finite.entries())
      expect(Math.abs(found[i]! - exact(x))).toBeLessThanOrEqual(2e-7 * Math.max(1, Math.abs(x)))
    expect([...applied({ fn }, arithmetic, [-Infinity, Infinity, NaN, NaN])]).toEqual([...ends, NaN, NaN])
  })
})
