import { expect, it } from 'vitest'
import type { Box, UnitPlaces } from '../../../../src/core/model/receptiveField.ts'
import { PlacesOfFile, storedPlaces } from '../../../../src/core/results/snapshot/places.ts'

/** Units that see all of an image of 8×6, each with a patch of its own, but for the first row. */
const tokens: UnitPlaces = {
  box: () => [0, 0, 8, 6],
  seat: (row, column): Box | null => (row === 0 ? null : [2 * row, 2 * column, 2 * row + 2, 2 * column + 2]),
}

it('the seats of units are kept, also of those that have none', () => {
  const file = new PlacesOfFile(storedPlaces(tokens, [4, 3, 7]))
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 3; column++) {
      expect(file.seat(row, column)).toEqual(tokens.seat(row, column))
      expect(file.box(row, column)).toEqual([0, 0, 8, 6])
    }
})

it('layers without seats have none', () => {
  const stored = storedPlaces({ ...tokens, seat: () => null }, [4, 3, 7])
  expect(stored).toMatchObject({ seatRows: null, seatColumns: null })
  expect(new PlacesOfFile(stored).seat(1, 1)).toBeNull()
})
