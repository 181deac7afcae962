/**
 * @file Activation functions of four numbers in registers, for the ends of programs. NaN stays what it is.
 *
 * The exponential function is that of Cody and Waite: x = n · ln 2 + r with a whole n and |r| ≤ ½ ln 2, and
 *
 *     eˣ = 2ⁿ · (1 + r + r² · q(r))
 *
 * with a polynomial q of the fourth degree, by which eˣ is off by 5·10⁻⁹ at most (fitted by Lawson's iterated least
 * squares). Rounding included, sigmoid, SiLU and ELU are off by three units in the last place at most.
 */
import type { FunctionWriter } from '../writer/program.ts'
import { type F32x4, type Local, f32x4 } from '../writer/values.ts'
import type { Activation } from './shape.ts'
import { type Arithmetic, multiplyAdd } from './tiles.ts'

/** Of four numbers; computed where it is used. */
export type Activate = (x: F32x4) => F32x4

/**
 * To be called where a function begins, as V8 makes constants where they are written down: by several instructions each,
 * which for the exponential function would take as long as all the rest.
 */
export function makeActivation(
  f: FunctionWriter,
  activation: Activation,
  arithmetic: Arithmetic = 'plain',
): Activate {
  const zero = f32x4(0)
  switch (activation.fn) {
    case 'linear':
      return (x) => x
    case 'relu':
      return (x) => x.pmax(zero)
    case 'relu6':
      return (x) => x.pmax(zero).pmin(f32x4(6))
    case 'leaky_relu':
      return (x) => {
        const kept = f.keep(x)
        return kept.lt(zero).bitselect<F32x4>(kept.mul(f32x4(activation.slope)), kept)
      }
    case 'general_relu':
      return (x) => generalRelu(f.keep(x), activation)
    case 'hard_sigmoid':
      return hardSigmoid
    case 'hard_sigmoid_2':
      return (x) => x.mul(f32x4(0.2)).add(f32x4(0.5)).pmax(zero).pmin(f32x4(1))
    case 'hard_silu':
      return (x) => {
        const kept = f.keep(x)
        return kept.mul(hardSigmoid(kept))
      }
    case 'sigmoid':
    case 'silu': {
      const exponential = makeExponential(f, arithmetic)
      const one = f.keep(f32x4(1))
      return (x) => {
        const kept = f.keep(x)
        const { power, rest } = exponential(zero.sub(kept))
        const numerator = activation.fn === 'silu' ? kept : one
        return numerator.div(multiplyAdd(arithmetic, power, rest, power).add(one))
      }
    }
    case 'elu':
      return makeElu(f, 1, arithmetic)
    case 'elu_alpha':
      return makeElu(f, activation.alpha, arithmetic)
  }
}

/** relu6(x + 3) / 6 */
function hardSigmoid(x: F32x4): F32x4 {
  return x.add(f32x4(3)).pmax(f32x4(0)).pmin(f32x4(6)).div(f32x4(6))
}

function generalRelu(
  x: Local<F32x4>,
  { max, slope, threshold }: Extract<Activation, { fn: 'general_relu' }>,
): F32x4 {
  const above = max === null ? x : x.pmax(f32x4(0)).pmin(f32x4(max))
  const below = slope === 0 ? f32x4(0) : x.sub(f32x4(threshold)).mul(f32x4(slope))
  return x.le(f32x4(threshold)).bitselect<F32x4>(below, above)
}

/** x where x > 0, else alpha · (eˣ − 1), which has as many digits near 0 as elsewhere. */
function makeElu(f: FunctionWriter, alpha: number, arithmetic: Arithmetic): Activate {
  const exponential = makeExponential(f, arithmetic)
  const one = f.keep(f32x4(1))
  const factor = f.keep(f32x4(alpha))
  return (x) => {
    const kept = f.keep(x)
    const { power, rest } = exponential(kept)
    const below = multiplyAdd(arithmetic, power, rest, power.sub(one)).mul(factor)
    return kept.gt(f32x4(0)).bitselect<F32x4>(kept, below)
  }
}

/** Below it eˣ is 0 here. */
const least = -88
/** ln 2 in two parts. The first has so few digits that its product with n is exact. */
const ln2 = [0.693_359_375, -2.121_944_4e-4] as const
const q = [0.499_999_93, 0.166_665_2, 0.041_668_395, 0.008_368_786, 0.001_381_445_6] as const
/** Added to n it leaves n in the last digits, as biased as exponents are. */
const biased = 1.5 * 2 ** 23 + 127
const fractionBits = 23
/**
 * A larger n has no power of two that is finite. What is then left of x in r is larger than ½ ln 2, and makes eˣ infinite
 * where it should be.
 */
const largestN = 127

/** eˣ = power + power · rest, with a power of two. */
function makeExponential(
  f: FunctionWriter,
  arithmetic: Arithmetic,
): (x: F32x4) => { power: Local<F32x4>; rest: Local<F32x4> } {
  const keep = (value: number): Local<F32x4> => f.keep(f32x4(value))
  const [lower, upper] = [keep(least), keep(biased + largestN)]
  const [perLn2, bias] = [keep(Math.LOG2E), keep(biased)]
  const [first, second] = [keep(-ln2[0]), keep(-ln2[1])]
  const [highest, ...others] = q.map(keep).toReversed() as [Local<F32x4>, ...Local<F32x4>[]]
  const madd = (a: F32x4, b: F32x4, c: F32x4): F32x4 => multiplyAdd(arithmetic, a, b, c)
  return (x) => {
    const bounded = f.keep(x.pmax(lower))
    const shifted = f.keep(madd(bounded, perLn2, bias).pmin(upper))
    const n = f.keep(shifted.sub(bias))
    const r = f.keep(madd(n, second, madd(n, first, bounded)))
    const polynomial = others.reduce<F32x4>((sum, factor) => madd(sum, r, factor), highest)
    return {
      power: f.keep(shifted.asI32x4().shl(fractionBits).asF32x4()),
      rest: f.keep(madd(polynomial, r.mul(r), r)),
    }
  }
}
