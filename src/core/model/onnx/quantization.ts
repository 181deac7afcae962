/** @file The steps of quantized numbers, and constants in such steps. */
import { combined, type OnnxConstant, reshaped } from './constants.ts'
import type { ConstantReader } from './foldElementwise.ts'
import type { NodeReading } from './nodeReading.ts'
import { typeName } from './tensorProto.ts'

export interface Steps {
  readonly scale: readonly number[]
  readonly zeroPoint: readonly number[]
  /** The least and largest whole number. */
  readonly low: number
  readonly high: number
  /** The axis along which steps differ; null if there is one for all. */
  readonly axis: number | null
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

/** Throws if numbers are kept as something else than whole ones, or if steps differ from block to block. */
export function stepsOf(reading: NodeReading, dims: readonly number[]): Steps {
  const { attributes } = reading
  const blocks = attributes.number('block_size', 0)
  if (blocks !== 0) attributes.refuse('block_size', blocks)
  const axis = attributes.number('axis', 1)
  const precision = attributes.number('precision', 0)
  if (precision > 1) attributes.refuse('precision', precision)
  const asked = attributes.number('output_dtype', 0)
  const given = reading.inputs[2] ? reading.constant(2) : null
  const stored = reading.inputs[0]?.kind === 'constant' && reading.node.op === 'DequantizeLinear'
  const type = stored ? reading.constant(0).type : (given?.type ?? (asked === 0 ? 'uint8' : typeName(asked)))
  const range = ranges[type]
  if (!range) throw new Error(`it keeps numbers as ${type}, which Urpatch does not compute`)
  const scale = [...reading.constant(1).numbers()]
  const zeroPoint = given ? [...given.numbers()] : [0]
  const isOne = scale.length === 1 && zeroPoint.length === 1
  return {
    scale,
    zeroPoint,
    low: range[0],
    high: range[1],
    axis: isOne ? null : axis < 0 ? axis + dims.length : axis,
  }
}

/** The number itself, its step and the whole number that stands for 0. */
const each =
  (
    type: string,
    compute: (n: number, scale: number, zeroPoint: number, steps: Steps) => number,
  ): ConstantReader =>
  (reading) => {
    const a = reading.constant(0)
    const steps = stepsOf(reading, a.shape)
    const beside = (constant: OnnxConstant): OnnxConstant =>
      reshaped(
        constant,
        steps.axis === null || constant.shape.length === 0
          ? []
          : a.shape.map((length, axis) => (axis === steps.axis ? length : 1)),
      )
    const from = [a, ...[1, 2].flatMap((i) => (reading.inputs[i] ? [beside(reading.constant(i))] : []))]
    return combined(from, type, (n, scale, zeroPoint = 0) => compute(n!, scale!, zeroPoint, steps))
  }

/** Halves go to the even neighbour. */
function rounded(n: number): number {
  return Math.abs(n % 1) === 0.5 ? 2 * Math.round(n / 2) : Math.round(n)
}

export const quantizedConstants: Readonly<Record<string, ConstantReader>> = {
  DequantizeLinear: each('float32', (n, scale, zeroPoint) => (n - zeroPoint) * scale),
  QuantizeLinear: each('int32', (n, scale, zeroPoint, { low, high }) =>
    Math.min(Math.max(rounded(Math.fround(n / scale)) + zeroPoint, low), high),
  ),
}
