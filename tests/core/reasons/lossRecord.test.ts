import { describe, expect, it } from 'vitest'
import { FieldProblem } from '../../../src/core/fields.ts'
import type { LayerLosses } from '../../../src/core/reasons/lossRanking.ts'
import { lossReader, lossRecord } from '../../../src/core/reasons/lossRecord.ts'
import { lossesOf } from '../../fixtures/losses.ts'

const losses = lossesOf(3)

/** As a file has it. */
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

describe('losses in a results file', () => {
  it('come back as they were', () => {
    expect(lossReader(3)(written(lossRecord(losses)))).toEqual(losses)
    const plain: LayerLosses = {
      ...losses,
      yardstick: 'outputs',
      changed: null,
      right: null,
      judged: 0,
      stability: null,
    }
    expect(lossReader(3)(written(lossRecord(plain)))).toEqual(plain)
  })

  it('must fit the layer', () => {
    const read =
      (change: object, channels = 3) =>
      () =>
        lossReader(channels)({ ...lossRecord(losses), ...change })
    expect(read({}, 4)).toThrow(FieldProblem)
    expect(read({ changed: [1, 2] })).toThrow('has 2 numbers, not 3')
    expect(read({ replacement: 'nothing' })).toThrow('not one of mean, zero')
    expect(read({ loss: ['a', 1, 2] })).toThrow(FieldProblem)
  })
})
