import { expect, it } from 'vitest'
import { ChannelTable } from '../../../src/core/mosaic/channelTable.ts'
import { tableText } from '../../../src/core/mosaic/tableText.ts'
import { measures } from '../../../src/core/scan/measures/index.ts'
import { MeasuredLayer } from '../../../src/core/scan/measures/measuredLayer.ts'
import { scanned } from '../../fixtures/summaries.ts'

it('has a head, the rows in their order, and quotes what needs it', () => {
  const measured = new MeasuredLayer(
    scanned(
      [
        [1, 0.1],
        [2, 0.1],
      ],
      2,
    ),
    2,
    Int32Array.of(0, 0),
    new Map([['grey', Float64Array.of(1.25, Number.NaN)]]),
  )
  measured.next(2)
  const table = new ChannelTable([
    { name: 'a "b", c', channels: 2, measured },
    { name: 'none', channels: 1, measured: null },
  ])
  const text = tableText(
    table,
    [2, 1, 0],
    () => 'cat,dog',
    (_, channel) => (channel === 1 ? 'an "eye"' : ''),
  )
  const lines = text.split('\r\n')
  expect(lines).toHaveLength(5)
  expect(lines[4]).toBe('')
  const head = lines[0]!.split(',')
  expect(head).toEqual(['layer', 'channel', 'name', ...measures.map(({ id }) => id), 'topClass', 'bestClass'])
  const cellsOf = (line: string) =>
    (line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []).map((cell) => cell.replace(/,$/, ''))
  const cell = (line: number, column: string) => cellsOf(lines[line]!)[head.indexOf(column)]
  expect(lines[1]).toBe(`none,0${','.repeat(measures.length + 3)}`)
  expect(['layer', 'channel', 'name', 'max', 'dead', 'topClass'].map((column) => cell(2, column))).toEqual([
    '"a ""b"", c"',
    '1',
    '"an ""eye"""',
    // Of 0.1 as a float32.
    '0.100000001',
    '1',
    '',
  ])
  expect(
    ['layer', 'channel', 'max', 'mean', 'dead', 'grey', 'blurred', 'topClass'].map((column) =>
      cell(3, column),
    ),
  ).toEqual(['"a ""b"", c"', '0', '2', '1.5', '0', '1.25', '', '"cat,dog"'])
})
