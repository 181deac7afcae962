import { describe, expect, it } from 'vitest'
import { boundOf, isRelu } from '../../../../src/core/preprocessing/guess/activationBounds.ts'

const general = (slope: number, max: number | null) =>
  ({ fn: 'general_relu', slope, max, threshold: 0 }) as const

describe('units can die', () => {
  it.each([{ fn: 'relu' } as const, { fn: 'relu6' } as const, general(0, null)])(
    'behind %o',
    (activation) => {
      expect(isRelu(activation)).toBe(true)
    },
  )

  it.each([{ fn: 'linear' } as const, { fn: 'sigmoid' } as const, general(0.1, null)])(
    'but not behind %o',
    (activation) => {
      expect(isRelu(activation)).toBe(false)
    },
  )
})

describe('units saturate', () => {
  it.each([
    [{ fn: 'relu6' } as const, { low: null, high: 6 }],
    [general(0, 4), { low: null, high: 4 }],
    [{ fn: 'sigmoid' } as const, { low: 0.001, high: 0.999 }],
    [{ fn: 'hard_sigmoid' } as const, { low: 0.001, high: 0.999 }],
    [{ fn: 'tanh' } as const, { low: -0.999, high: 0.999 }],
  ])('at the bounds of %o', (activation, bound) => {
    expect(boundOf(activation)).toEqual(bound)
  })

  it.each([{ fn: 'relu' } as const, { fn: 'softmax' } as const, general(0, null)])(
    'nowhere on %o',
    (activation) => {
      expect(boundOf(activation)).toBeNull()
    },
  )
})
