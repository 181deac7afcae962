/**
 * @file Compares the receptive field of a layer with a row of the kit's tables, which was measured by forward passes. The kit's
 * `first_unit_rows` and so on are inclusive, and clipped to the image.
 */
import { expect } from 'vitest'
import type { Network, SupportedLayer } from '../src/core/model/network.ts'
import { receptiveField, UnitBoxes } from '../src/core/model/receptiveField.ts'
import { mapSize } from '../src/core/model/units.ts'

export function compareField(network: Network, index: number, row: Readonly<Record<string, string>>): void {
  const name = row['layer']!
  const layer = network.layers[index] as SupportedLayer
  expect(`[${layer.shape.join(', ')}]`, name).toBe(row['out_shape'])
  const field = receptiveField(network, index)
  const boxes = new UnitBoxes(network, index)
  // Units see fields of several sizes, or have no even steps between them: the kit tells those of the first it found.
  const isVaried = /strides of|sizes of/.test(row['note'] ?? '')
  for (const axis of [0, 1] as const) {
    const uneven = isVaried || !Number.isInteger(field.stride[axis])
    const of = (column: string): string => row[`${column}_${'hw'[axis]!}`]!
    const what = `${name}, ${axis === 0 ? 'rows' : 'columns'}`
    const length = network.inputShape[axis]
    const units = mapSize(layer.shape)[axis]
    const seen = (unit: number): [number, number] => {
      const box = axis === 0 ? boxes.box(unit, 0) : boxes.box(0, unit)
      return [Math.max(box[axis]!, 0), Math.min(box[axis + 2]!, length) - 1]
    }

    // The cell is empty or holds words if no unit's field lies within the image.
    if (!uneven && /^\d+$/.test(of('stride')))
      expect(field.stride[axis], `${what}: stride`).toBe(Number(of('stride')))
    if (!uneven && /^-?\d+$/.test(of('start0')))
      expect(field.start[axis], `${what}: start`).toBe(Number(of('start0')))
    if (/^\d+$/.test(of('rf'))) {
      // The largest visible field was measured. It is smaller than the field if all units reach into the padding.
      const visible = Array.from({ length: units }, (_, unit) => seen(unit))
      const most = Math.max(...visible.map(([first, last]) => last - first + 1))
      const clippedEverywhere = visible.every(([first, last]) => last - first + 1 < field.size[axis])
      expect(clippedEverywhere ? most : field.size[axis], `${what}: size`).toBe(Number(of('rf')))
    }

    const interval = (which: string): number[] => {
      const suffix = which === 'mid' && axis === 0 ? '(idx,lo,hi)' : ''
      // None means a unit of the padding, which no pixel changes.
      const text = row[`${which}_unit_${axis === 0 ? 'rows' : 'cols'}${suffix}`]!
      return text === '' || text.includes('None') ? [] : (JSON.parse(text) as number[])
    }
    const middle = interval('mid')
    const last = units - 1
    const pairs = [
      [0, interval('first')],
      [middle[0] ?? 0, middle.slice(1)],
      [last, interval('last')],
    ] as const
    for (const [unit, measured] of pairs)
      if (measured.length > 0) expect(seen(unit), `${what}: unit ${unit}`).toEqual(measured)
  }
}
