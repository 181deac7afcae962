import { expect, it } from 'vitest'
import { readerOf, readerTables } from '../../../../../src/core/model/keras/layers/index.ts'

it('a class is read in one place only', () => {
  const names = readerTables.flatMap((table) => Object.keys(table))
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

it('a class is found by the name that Keras writes', () => {
  for (const table of readerTables)
    for (const [name, reader] of Object.entries(table)) expect(readerOf(name)).toBe(reader)
  expect(readerOf('Convolution')).toBeUndefined()
})
