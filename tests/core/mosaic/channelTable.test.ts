import { describe, expect, it } from 'vitest'
import { ChannelTable, findRows, type Sought } from '../../../src/core/mosaic/channelTable.ts'
import { type Finding, nothingSought } from '../../../src/core/mosaic/finding.ts'
import { MeasuredLayer } from '../../../src/core/scan/measures/measuredLayer.ts'
import { scanned } from '../../fixtures/summaries.ts'

const classOf = Int32Array.of(0, 1, 0)

function measured(activations: readonly (readonly number[])[], grey: readonly number[]) {
  const asked = new Map([['grey', Float64Array.from(grey)]])
  const layer = new MeasuredLayer(scanned(activations, 2), 2, classOf, asked)
  layer.next(Infinity)
  return layer
}

// Channel 1 of the first layer is dead; the second layer has no results.
const table = new ChannelTable([
  {
    name: 'conv2d_1',
    channels: 3,
    measured: measured(
      [
        [1, 7, 9],
        [2, 7, 1],
        [3, 7, 8],
      ],
      [Number.NaN, Number.NaN, 0.4],
    ),
  },
  { name: 'pool', channels: 2, measured: null },
  {
    name: 'block/Dense',
    channels: 3,
    measured: measured(
      [
        [0, -1, 4],
        [0.5, -2, 9],
        [0, -3, 3],
      ],
      [1.5, Number.NaN, -0.1],
    ),
  },
])

function found(finding: Partial<Finding>, sought: Partial<Sought> = {}): string[] {
  const rows = findRows(table, {
    finding: { ...nothingSought, ...finding },
    hideDead: false,
    topClass: null,
    isNoted: null,
    noteOf: (layer, channel) => (layer === 'conv2d_1' && channel === 2 ? 'an Eye, of cats' : ''),
    classNameOf: (number) => ['fern', 'wolf', 'fox'][number]!,
    ...sought,
  })
  return Array.from(rows, (row) => `${table.place(row).layer.name} ${table.place(row).channel}`)
}

const all = [
  'conv2d_1 0',
  'conv2d_1 1',
  'conv2d_1 2',
  'pool 0',
  'pool 1',
  'block/Dense 0',
  'block/Dense 1',
  'block/Dense 2',
]

describe('the rows of a table', () => {
  it('are the channels, layer by layer', () => {
    expect(found({})).toEqual(all)
    expect(found({ isReversed: true })).toEqual(all.toReversed())
    for (const [row, name] of all.entries()) {
      const [layer, channel] = name.split(' ') as [string, string]
      expect(table.rowOf(layer, Number(channel))).toBe(row)
    }
    expect(table.rowOf('pool', 2)).toBe(-1)
    expect(table.rowOf('none', 0)).toBe(-1)
    expect(new ChannelTable([]).rows).toBe(0)
  })

  it('come by a measure, both ways, those without a value last, equal ones by layer and number', () => {
    const byMax = [
      'conv2d_1 2',
      'block/Dense 2',
      'conv2d_1 1',
      'conv2d_1 0',
      'block/Dense 0',
      'block/Dense 1',
    ]
    const unknown = ['pool 0', 'pool 1']
    expect(found({ column: 'max' })).toEqual([...byMax, ...unknown])
    expect(found({ column: 'max', isReversed: true })).toEqual([
      'block/Dense 1',
      'block/Dense 0',
      'conv2d_1 0',
      'conv2d_1 1',
      'conv2d_1 2',
      'block/Dense 2',
      ...unknown,
    ])
  })

  it('come by what was measured of some channels, and are filtered by it', () => {
    const unknown = ['conv2d_1 0', 'conv2d_1 1', 'pool 0', 'pool 1', 'block/Dense 1']
    const known = ['block/Dense 0', 'conv2d_1 2', 'block/Dense 2']
    expect(found({ column: 'grey' })).toEqual([...known, ...unknown])
    expect(found({ column: 'grey', isReversed: true })).toEqual([...known.toReversed(), ...unknown])
    expect(found({ ranges: { grey: [0.4, null] } })).toEqual(['conv2d_1 2', 'block/Dense 0'])
  })

  it('are those in all ranges, ends included; what is not known is in no range', () => {
    expect(found({ ranges: { max: [3, 9] } })).toEqual([
      'conv2d_1 0',
      'conv2d_1 1',
      'conv2d_1 2',
      'block/Dense 2',
    ])
    expect(found({ ranges: { max: [null, 0.5] } })).toEqual(['block/Dense 0', 'block/Dense 1'])
    expect(found({ ranges: { max: [null, null] } })).toHaveLength(6)
    expect(found({ ranges: { max: [3, null], mean: [6, 6] } })).toEqual(['conv2d_1 2'])
  })

  it('leave out dead ones, and those of other classes, if that is asked for', () => {
    expect(found({}, { hideDead: true })).toEqual(all.filter((name) => name !== 'conv2d_1 1'))
    // The top two of it are the images 0 and 2, of class 0; of the others one image is of each class.
    expect(found({ ranges: { class: [1, 1] } }, { topClass: 0 })).toEqual(['conv2d_1 2'])
    expect(found({}, { topClass: 5 })).toEqual([])
    expect(found({}, { isNoted: (layer, channel) => layer === 'pool' && channel === 1 })).toEqual(['pool 1'])
  })

  it('have all words of a text in their names, or the number', () => {
    expect(found({ text: ' CONV2D ' })).toEqual(all.slice(0, 3))
    expect(found({ text: 'dense 1' })).toEqual(['block/Dense 1'])
    expect(found({ text: '1' })).toEqual(['conv2d_1 1', 'pool 1', 'block/Dense 1'])
    expect(found({ text: 'eye cat' })).toEqual(['conv2d_1 2'])
    expect(found({ text: 'eye dog' })).toEqual([])
    // The class of the top.
    const ferns = found({}, { topClass: 0 })
    expect(ferns.length).toBeGreaterThan(0)
    expect(found({ text: 'FERN' })).toEqual(ferns)
    expect(found({ text: 'fern conv' })).toEqual(ferns.filter((name) => name.startsWith('conv')))
  })
})
