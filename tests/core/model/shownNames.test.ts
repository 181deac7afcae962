import { expect, it } from 'vitest'
import { withShownNames } from '../../../src/core/model/shownNames.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

it('leaves a network as it is whose names can be read', () => {
  const network = chain([6, 5, 3], [spec('ReLU', '__proto__'), spec('ReLU', '<b>bold</b>')])
  expect(withShownNames(network)).toBe(network)
})

it('makes names that can be read, of which no two are the same', () => {
  const long = 'x'.repeat(10_000)
  const network = chain(
    [6, 5, 3],
    [
      spec('ReLU', 'a\u202Eb'),
      spec('ReLU', 'a\\u202Eb'),
      spec('ReLU', `${long}1${long}`),
      spec('ReLU', `${long}2${long}`),
      spec('Swirl\n', 'last'),
    ],
  )
  const { layers } = withShownNames(network)
  const names = layers.map(({ name }) => name)
  expect(names.slice(1, 3)).toEqual(['a\\u202Eb~2', 'a\\u202Eb'])
  expect(new Set(names).size).toBe(names.length)
  expect(Math.max(...names.map((name) => name.length))).toBeLessThan(410)
  expect(layers.map(({ inputs }) => inputs)).toEqual(network.layers.map(({ inputs }) => inputs))
  expect(layers.at(-1)).toMatchObject({ className: 'Swirl\\n', problem: expect.not.stringContaining('\n') })
})
