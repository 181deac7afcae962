import { expect, it } from 'vitest'
import { layersWord } from '../../../src/core/reasons/words.ts'
import { chain, layerIndex, spec } from '../../fixtures/kerasModels.ts'

const network = chain(
  [8, 8, 2],
  [
    spec('Conv2D', 'conv', { filters: 3, kernel_size: 3 }),
    spec('BatchNormalization', 'norm'),
    spec('LeakyReLU', 'leaky'),
    spec('Dropout', 'dropout', { rate: 0.5 }),
    spec('AveragePooling2D', 'pool', { pool_size: 2 }),
  ],
)
const word = (...names: string[]): string =>
  layersWord(
    network,
    names.map((name) => layerIndex(network, name)),
  )

it('layers are named in one phrase, without those that do nothing', () => {
  expect(word('norm', 'leaky', 'dropout', 'pool')).toBe('batch normalization, leaky ReLU and average pooling')
  expect(word('norm', 'leaky')).toBe('batch normalization and leaky ReLU')
  expect(word('dropout', 'pool')).toBe('average pooling')
  expect(word('dropout')).toBe('')
  expect(word('norm', 'norm')).toBe('batch normalization')
})
