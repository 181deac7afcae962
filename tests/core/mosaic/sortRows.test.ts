import { expect, it } from 'vitest'
import { sortRows } from '../../../src/core/mosaic/sortRows.ts'
import { seeded } from '../../fixtures/random.ts'

const odd = [0, -0, Infinity, -Infinity, Number.NaN, 5e-324, -5e-324, 1e308, -1e308, 1 + 2 ** -52, 1, -1]

it.each([false, true])('sorts as a comparison function would, reversed: %s', (isReversed) => {
  const random = seeded(8)
  for (const count of [0, 1, 2, 500]) {
    const values = Float64Array.from({ length: 600 }, () =>
      random.next() < 0.3 ? random.pick(odd) : (random.next() - 0.5) * 10 ** random.int(-20, 20),
    )
    const rows = Uint32Array.from({ length: count }, (_, i) => i + (i % 2 === 0 ? 1 : 3) * 10)
    const expected = rows.toSorted((a, b) => {
      const [one, other] = [values[a]!, values[b]!]
      if (Number.isNaN(one) || Number.isNaN(other))
        return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || rows.indexOf(a) - rows.indexOf(b)
      const order = one === other ? 0 : one < other ? 1 : -1
      return (isReversed ? -order : order) || rows.indexOf(a) - rows.indexOf(b)
    })
    expect(sortRows(rows, values, isReversed)).toEqual(expected)
  }
})
