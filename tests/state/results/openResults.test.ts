import { describe, expect, it } from 'vitest'
import { lost } from '../../../src/core/results/recordedResult.ts'
import type { RecordedResults } from '../../../src/core/results/recordedFile.ts'
import type { OpenModel } from '../../../src/state/model/openModel.ts'
import {
  differenceOf,
  numberingOf,
  type OpenResults,
  ownTable,
} from '../../../src/state/results/openResults.ts'
import { tableOfFolder } from '../../fixtures/imageTables.ts'

const recorded = {
  name: 'results.urpatch.json',
  paths: ['a/1.png', 'a/3.png', 'b/4.png'],
  classNames: ['a', 'b'],
  classOf: Int32Array.of(0, 0, 1),
  model: { name: 'model.h5', sha256: 'digest', inputShape: [8, 8, 3] },
} as unknown as OpenResults & RecordedResults

describe('the images of a results file', () => {
  it('have the numbers of the open images, and negative ones if they are not open', () => {
    const open = tableOfFolder(['a/1.png', 'a/2.png', 'a/3.png'])
    const { images, classes } = numberingOf(recorded, open)
    expect([...images]).toEqual([0, 2, lost(2)])
    expect([...classes]).toEqual([0, lost(1)])
    expect(lost(2)).toBeLessThan(0)
  })

  it('have numbers of their own as long as no images are open', () => {
    const { images, classes } = numberingOf(recorded, ownTable(recorded))
    expect([...images]).toEqual([0, 1, 2])
    expect([...classes]).toEqual([0, 1])
  })
})

describe('the model of a results file', () => {
  const open = (inputShape: readonly number[]): OpenModel =>
    ({ name: 'open.h5', network: { inputShape } }) as unknown as OpenModel

  it('is the open one if digest and input are equal', () => {
    expect(differenceOf(recorded, open([8, 8, 3]), 'digest')).toBeNull()
  })

  it('is another one otherwise, which is said in a sentence', () => {
    expect(differenceOf(recorded, open([8, 8, 3]), 'other')).toMatch(/open\.h5/)
    expect(differenceOf(recorded, open([9, 9, 3]), 'digest')).toMatch(/9×9×3.*8×8×3|8×8×3.*9×9×3/)
  })
})
