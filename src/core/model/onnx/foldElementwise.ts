/** @file Operators on the numbers of constants by themselves, as exporters compute shapes, masks and weights with them. */
import { combined, elementwise, isWhole, type OnnxConstant } from './constants.ts'
import type { NodeReading } from './nodeReading.ts'
import { typeName } from './tensorProto.ts'

export type ConstantReader = (reading: NodeReading) => OnnxConstant | readonly OnnxConstant[]

const unary =
  (compute: (a: number) => number, type?: string): ConstantReader =>
  (reading) =>
    elementwise(reading.constant(0), compute, type)

const binary =
  (compute: (a: number, b: number) => number, type?: string): ConstantReader =>
  (reading) => {
    const from = [reading.constant(0), reading.constant(1)]
    return combined(from, type ?? from[0]!.type, compute as (...numbers: number[]) => number)
  }

const nary =
  (compute: (...numbers: number[]) => number): ConstantReader =>
  (reading) => {
    const from = reading.inputs.map((_, i) => reading.constant(i))
    return combined(from, from[0]!.type, compute)
  }

/** Whole numbers are divided as in C. */
const divide: ConstantReader = (reading) => {
  const whole = isWhole(reading.constant(0))
  return binary((a, b) => (whole ? Math.trunc(a / b) : a / b))(reading)
}

/** The rest has the sign of the divisor, or with `fmod` that of the dividend. */
const modulo: ConstantReader = (reading) =>
  reading.attributes.flag('fmod')
    ? binary((a, b) => a % b)(reading)
    : binary((a, b) => a - b * Math.floor(a / b))(reading)

const cast: ConstantReader = (reading) => {
  const type = typeName(reading.attributes.number('to', 1))
  const from = reading.constant(0)
  if (type === 'bool') return elementwise(from, (n) => (n === 0 ? 0 : 1), type)
  return { ...(/int/.test(type) ? elementwise(from, Math.trunc) : from), type }
}

const clip: ConstantReader = (reading) => {
  const limit = (index: number, key: string, none: number): number =>
    reading.version < 11
      ? reading.attributes.number(key, none)
      : reading.inputs[index]
        ? reading.constant(index).numbers()[0]!
        : none
  const [low, high] = [limit(1, 'min', Number.NEGATIVE_INFINITY), limit(2, 'max', Number.POSITIVE_INFINITY)]
  return elementwise(reading.constant(0), (n) => Math.min(Math.max(n, low), high))
}

const flag = (is: boolean): number => (is ? 1 : 0)

/** By the name of the operator. */
export const elementwiseConstants: Readonly<Record<string, ConstantReader>> = {
  Identity: (reading) => reading.constant(0),
  Dropout: (reading) => {
    reading.attributes.ignore('ratio', 'is_test')
    return reading.constant(0)
  },
  Cast: cast,
  CastLike: (reading) => ({ ...reading.constant(0), type: reading.constant(1).type }),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: divide,
  Mod: modulo,
  Pow: binary((a, b) => a ** b),
  Sum: nary((...all) => all.reduce((a, b) => a + b, 0)),
  Max: nary(Math.max),
  Min: nary(Math.min),
  Neg: unary((n) => -n),
  Abs: unary(Math.abs),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((n) => 1 / n),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Tanh: unary(Math.tanh),
  Sigmoid: unary((n) => 1 / (1 + Math.exp(-n))),
  Relu: unary((n) => Math.max(n, 0)),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary((n) => (Math.abs(n % 1) === 0.5 ? 2 * Math.round(n / 2) : Math.round(n))),
  Sign: unary(Math.sign),
  IsNaN: unary((n) => flag(Number.isNaN(n)), 'bool'),
  Clip: clip,
  Not: unary((n) => flag(n === 0)),
  And: binary((a, b) => flag(a !== 0 && b !== 0), 'bool'),
  Or: binary((a, b) => flag(a !== 0 || b !== 0), 'bool'),
  Xor: binary((a, b) => flag((a !== 0) !== (b !== 0)), 'bool'),
  Equal: binary((a, b) => flag(a === b), 'bool'),
  Less: binary((a, b) => flag(a < b), 'bool'),
  LessOrEqual: binary((a, b) => flag(a <= b), 'bool'),
  Greater: binary((a, b) => flag(a > b), 'bool'),
  GreaterOrEqual: binary((a, b) => flag(a >= b), 'bool'),
  Where: (reading) =>
    combined(
      [0, 1, 2].map((i) => reading.constant(i)),
      reading.constant(1).type,
      (is, a, b) => (is ? a! : b!),
    ),
}
