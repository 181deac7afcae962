import { describe, expect, it } from 'vitest'
import type { Network, Operation } from '../../../src/core/model/network.ts'
import { endsInSoftmax, topOutputs } from '../../../src/core/model/outputs.ts'

/** A network that ends in this operation. */
function ending(op: unknown): Network {
  return {
    input: 0,
    inputShape: [2, 2, 3],
    layers: [{ name: 'last', className: 'Any', op: op as Operation, shape: [3], inputs: [] }],
  } as unknown as Network
}

describe('the outputs of a network', () => {
  it('come largest first, equal ones by index, without what is no number', () => {
    expect(topOutputs([1, Number.NaN, 3, Infinity, 3, -Infinity], 4).map(({ index }) => index)).toEqual([
      3, 2, 4, 0,
    ])
    expect(topOutputs(Float32Array.of(0.25, 0.75), 5)).toEqual([
      { index: 1, value: 0.75 },
      { index: 0, value: 0.25 },
    ])
  })

  it('are probabilities only if the last layer is a softmax', () => {
    const dense = (fn: string) => ({ kind: 'dense', units: 3, bias: true, activation: { fn } })
    expect(endsInSoftmax(ending(dense('softmax')))).toBe(true)
    expect(endsInSoftmax(ending({ kind: 'activation', activation: { fn: 'softmax' } }))).toBe(true)
    expect(endsInSoftmax(ending({ kind: 'softmax', axes: [0], log: false }))).toBe(true)
    for (const op of [
      dense('linear'),
      dense('log_softmax'),
      dense('sigmoid'),
      { kind: 'softmax', axes: [0], log: true },
      { kind: 'flatten', channelsFirst: false },
      null,
    ])
      expect(endsInSoftmax(ending(op)), JSON.stringify(op)).toBe(false)
    expect(endsInSoftmax({ ...ending(null), layers: [] })).toBe(false)
  })
})
