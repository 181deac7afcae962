import { expect, it } from 'vitest'
import { layerPairs } from '../../../src/core/compare/layerPairs.ts'

const layer = (name: string, ...shape: number[]) => ({ name, shape: shape as [number, number, number] })

it('pairs layers by name and channels, then in order by shape, then by name alone', () => {
  const before = [
    layer('conv', 8, 8, 4),
    layer('conv_1', 8, 8, 6),
    layer('conv_2', 8, 8, 6),
    layer('out', 1, 1, 3),
  ]
  expect([...layerPairs(before, before)]).toEqual(before.map(({ name }) => [name, name]))
  const second = [
    layer('conv_3', 8, 8, 4),
    layer('conv_4', 8, 8, 6),
    layer('conv_1', 8, 8, 6),
    layer('out', 1, 1, 5),
  ]
  expect([...layerPairs(before, second)]).toEqual([
    ['conv', 'conv_3'],
    ['conv_1', 'conv_1'],
    ['conv_2', 'conv_4'],
    ['out', 'out'],
  ])
  expect([...layerPairs(before, [layer('conv', 9, 9, 5)])]).toEqual([['conv', 'conv']])
  expect([...layerPairs(before, [layer('dense', 9, 9, 5)])]).toEqual([])
})
