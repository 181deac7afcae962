import { describe, expect, it } from 'vitest'
import type { Network } from '../../../src/core/model/network.ts'
import { changedPart, networkBehind, outputBehind } from '../../../src/core/reasons/networkBehind.ts'
import { inputSpec, keras3FunctionalJson, networkOf, spec } from '../../fixtures/kerasModels.ts'

const conv = (name: string, from: string, filters = 4) =>
  spec('Conv2D', name, { filters, kernel_size: 3, padding: 'same' }, [from])

/** image → a → b → sum → head → classes; a → sum; image → side → both ← sum; both → head. */
const branched = networkOf(
  keras3FunctionalJson([
    inputSpec([8, 10, 3]),
    conv('a', 'image'),
    conv('side', 'image'),
    conv('b', 'a'),
    spec('Add', 'sum', {}, ['a', 'b']),
    spec('Concatenate', 'both', {}, ['side', 'sum']),
    spec('GlobalAveragePooling2D', 'pooled', {}, ['both']),
    spec('Dense', 'classes', { units: 3, activation: 'softmax' }, ['pooled']),
  ]),
)
const at = (network: Network, name: string): number =>
  network.layers.findIndex((layer) => layer.name === name)
const names = (network: Network, layers: readonly number[]): string[] =>
  layers.map((layer) => network.layers[layer]!.name)

describe('the network behind a layer', () => {
  it('holds what depends on it; other maps that are read there are given', () => {
    const behind = networkBehind(branched, at(branched, 'b'), at(branched, 'classes'))
    expect(names(branched, behind.given)).toEqual(['a', 'side', 'b'])
    expect(names(branched, behind.sourceOf)).toEqual(['a', 'side', 'b', 'sum', 'both', 'pooled', 'classes'])
    const { layers, input, inputShape } = behind.network
    expect(layers.map(({ op }) => op!.kind)).toEqual([
      'input',
      'input',
      'input',
      'merge',
      'concat',
      'globalPool',
      'dense',
    ])
    expect(layers.map(({ inputs }) => inputs)).toEqual([[], [], [], [0, 2], [1, 3], [4], [5]])
    expect([input, inputShape, behind.output]).toEqual([2, [8, 10, 4], 6])
  })

  it('leaves out what the output does not need', () => {
    const behind = networkBehind(branched, at(branched, 'a'), at(branched, 'sum'))
    expect(names(branched, behind.sourceOf)).toEqual(['a', 'b', 'sum'])
    expect(() => networkBehind(branched, at(branched, 'side'), at(branched, 'sum'))).toThrow(RangeError)
  })

  it('keeps shared layers together as far as they lie behind', () => {
    const [first, dense] = [at(branched, 'b'), at(branched, 'classes')]
    const shared = (layer: number, of: number): Network => ({
      ...branched,
      layers: branched.layers.map((one, i) =>
        i === layer ? { ...one, sharesWeightsOf: of } : one,
      ) as Network['layers'],
    })
    const inside = networkBehind(shared(dense, first), at(branched, 'a'), dense).network.layers.at(-1)
    expect(inside).toMatchObject({ sharesWeightsOf: 2 })
    const outside = networkBehind(shared(dense, first), first, dense).network.layers.at(-1)
    expect(outside).not.toHaveProperty('sharesWeightsOf')
  })

  it('ends in the answer, or in the last layer that nobody reads', () => {
    expect(outputBehind(branched, at(branched, 'side'))).toBe(at(branched, 'classes'))
    expect(outputBehind(branched, at(branched, 'classes'))).toBe(null)
    const extractor = { ...branched, layers: branched.layers.slice(0, -2) }
    expect(outputBehind(extractor, at(branched, 'a'))).toBe(at(branched, 'both'))
    // A last layer that does not depend on it is not its output.
    const forked = { ...branched, layers: branched.layers.slice(0, at(branched, 'sum')) }
    expect(outputBehind(forked, at(branched, 'side'))).toBe(null)
    expect(outputBehind(forked, at(branched, 'a'))).toBe(at(branched, 'b'))
  })
})

describe('tokens', () => {
  it('that a layer only shows are changed where they are computed', () => {
    const tokens = { name: 't', className: 'T', shape: [5, 4], weights: [], inputs: [0] }
    const network = {
      input: 0,
      inputShape: [4, 4, 3],
      layers: [
        { name: 'i', className: 'I', op: { kind: 'input' }, shape: [4, 4, 3], weights: [], inputs: [] },
        { ...tokens, op: { kind: 'identity' } },
        {
          ...tokens,
          name: 'p',
          op: { kind: 'patches', first: 1, grid: [2, 2] },
          shape: [2, 2, 4],
          inputs: [1],
        },
        { ...tokens, name: 'c', op: { kind: 'token', index: 0 }, shape: [4], inputs: [1] },
      ],
    } as unknown as Network
    expect(changedPart(network, 1)).toEqual({ layer: 1, units: null })
    expect(changedPart(network, 2)).toEqual({ layer: 1, units: [1, 5] })
    expect(changedPart(network, 3)).toEqual({ layer: 1, units: [0, 1] })
    const read = {
      ...network,
      layers: [...network.layers, { ...tokens, op: { kind: 'identity' }, inputs: [3] }],
    } as Network
    expect(changedPart(read, 3)).toEqual({ layer: 3, units: null })
  })
})
