/** The pixels that resizing mixes, against the weights that onnxruntime mixes them with (tests/make/make_resize_weights.py). */
import { describe, expect, it } from 'vitest'
import { tapsOf } from '../../../../src/core/model/kinds/interpolate.ts'
import { kindOf } from '../../../../src/core/model/kinds/index.ts'
import type { OperationOf } from '../../../../src/core/model/network.ts'
import cases from '../../../fixtures/onnx/resizeWeights.json'

type Interpolate = OperationOf<'interpolate'>

interface Attributes {
  readonly mode: string
  readonly coordinate_transformation_mode: string
  readonly nearest_mode?: string
  readonly antialias?: number
  readonly cubic_coeff_a?: number
  readonly exclude_outside?: number
}

function operation(scale: number, to: number, attributes: Attributes): Interpolate {
  const { mode, nearest_mode: rounding, cubic_coeff_a: a = -0.75 } = attributes
  return {
    kind: 'interpolate',
    to: [to, to],
    scales: [scale, scale],
    coordinates: attributes.coordinate_transformation_mode as Interpolate['coordinates'],
    filter: { kind: mode, ...(rounding ? { rounding } : {}), ...(mode === 'cubic' ? { a } : {}) } as never,
    antialias: attributes.antialias === 1,
    excludeOutside: attributes.exclude_outside === 1,
  }
}

describe.each(
  cases as readonly { length: number; scale: number; attributes: Attributes; weights: number[][] }[],
)('$length × $scale, $attributes', ({ length, scale, attributes, weights }) => {
  const op = operation(scale, weights.length, attributes)

  it('mixes what onnxruntime mixes', () => {
    for (const [unit, row] of weights.entries()) {
      const own = Array<number>(length).fill(0)
      for (const { index, weight } of tapsOf(op, 0, length, unit)) own[index] = weight
      for (const [i, weight] of row.entries()) expect(own[i], `${unit} ${i}`).toBeCloseTo(weight, 4)
    }
  })

  it('sees those pixels', () => {
    for (const [unit, row] of weights.entries()) {
      const seen = [...row.keys()].filter((i) => Math.abs(row[i]!) > 1e-5)
      const edge = { axis: 0, input: 0, inputs: [[length, length, 1]], output: [row.length, row.length, 1] }
      const within = kindOf(op).reachWithin!(op, edge as never, [unit, unit + 1])
      expect(within, `unit ${unit}`).toEqual([seen[0], seen.at(-1)! + 1])
    }
  })
})
