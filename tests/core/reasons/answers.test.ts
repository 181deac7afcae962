import { describe, expect, it } from 'vitest'
import { givesAnswer, seededOrder } from '../../../src/core/reasons/answers.ts'
import { seededRandom } from '../../../src/core/seededRandom.ts'
import { inputSpec, keras3FunctionalJson, networkOf, spec } from '../../fixtures/kerasModels.ts'

describe('the sample', () => {
  it('has all images once, and a small one is part of a large one', () => {
    const all = seededOrder([5, 6, 7, 8, 9, 10], seededRandom(1))
    expect([...all].toSorted((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10])
    expect([...all]).not.toEqual([5, 6, 7, 8, 9, 10])
    expect([...seededOrder([5, 6, 7, 8, 9, 10], seededRandom(1))]).toEqual([...all])
  })
})

describe('outputs', () => {
  const ending = (...layers: ReturnType<typeof spec>[]) =>
    networkOf(
      keras3FunctionalJson([
        inputSpec([8, 8, 3]),
        spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }, ['image']),
        ...layers,
      ]),
    )
  const pooled = spec('GlobalAveragePooling2D', 'pooled', {}, ['conv'])

  it('are an answer if a dense layer or a softmax gives them, or if they have names', () => {
    const dense = ending(
      pooled,
      spec('Dense', 'dense', { units: 3 }, ['pooled']),
      spec('Activation', 'end', { activation: 'sigmoid' }, ['dense']),
    )
    expect(givesAnswer(dense, dense.layers.length - 1, false)).toBe(true)
    expect(givesAnswer(dense, dense.layers.length - 2, false)).toBe(false)
    const features = ending(pooled)
    expect(givesAnswer(features, 2, false)).toBe(false)
    expect(givesAnswer(features, 2, true)).toBe(true)
    const softmax = ending(pooled, spec('Softmax', 'softmax', {}, ['pooled']))
    expect(givesAnswer(softmax, 3, false)).toBe(true)
    const map = ending()
    expect(givesAnswer(map, 1, true)).toBe(false)
  })
})
