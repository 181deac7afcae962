import { expect, it } from 'vitest'
import { shownValue } from '../../src/core/shownValue.ts'

it.each([
  ['a', '"a"'],
  [undefined, 'nothing'],
  [{ a: [1, null] }, '{"a":[1,null]}'],
  ['x'.repeat(100), `"${'x'.repeat(59)}…`],
])('a value is shown as JSON has it, cut if it is long: %j', (value, shown) => {
  expect(shownValue(value)).toBe(shown)
})
