/** Cells of units lie in what these units were measured to see, in the kit's real models. */
import { describe, expect, it } from 'vitest'
import { heatGrid } from '../../../src/core/mosaic/heatGrid.ts'
import { layerIndex, networkOf } from '../../fixtures/kerasModels.ts'
import { kit, kitTable } from '../../kit.ts'
import { readModelConfig } from '../../modelConfig.ts'

const rows = kitTable('truth/receptive_fields_measured.tsv')
const models = [...new Set(rows.map(({ model }) => model!))]

/** First and last pixel; both belong to the field. */
type Measured = readonly [unit: number, first: number, last: number]

describe.skipIf(rows.length === 0)('cells', () => {
  it.each(models)('of %s', async (model) => {
    const { config, kerasMajor } = await readModelConfig(`${kit}models/${model}`)
    const network = networkOf(config, kerasMajor)
    let compared = 0
    for (const row of rows.filter((one) => one['model'] === model)) {
      const grid = heatGrid(network, layerIndex(network, row['layer']!))
      if (typeof grid === 'string') continue
      for (const [axis, cells] of [grid.rows, grid.columns].entries()) {
        const length = network.inputShape[axis]!
        const name = ['rows', 'cols'][axis]!
        for (const [unit, first, last] of measured(row, name, cells.length)) {
          const [start, end] = cells[unit]!
          const inside = [Math.max(0, start), Math.min(length, end)] as const
          if (inside[0] >= inside[1]) continue
          compared++
          expect(inside[0], `${row['layer']}, ${name}, unit ${unit}`).toBeGreaterThanOrEqual(first)
          expect(inside[1], `${row['layer']}, ${name}, unit ${unit}`).toBeLessThanOrEqual(last + 1)
        }
      }
    }
    expect(compared).toBeGreaterThan(20)
  })
})

/** Of the first, the middle and the last unit; without those that see nothing but padding. */
function measured(
  row: Readonly<Record<string, string | undefined>>,
  name: string,
  count: number,
): Measured[] {
  const numbers = (key: string): number[] => {
    const text = row[key] ?? ''
    return text === '' || text.includes('None') ? [] : (JSON.parse(text) as number[])
  }
  const intervals = [
    [0, ...numbers(`first_unit_${name}`)],
    numbers(name === 'rows' ? 'mid_unit_rows(idx,lo,hi)' : `mid_unit_${name}`),
    [count - 1, ...numbers(`last_unit_${name}`)],
  ]
  return intervals.flatMap(([unit, first, last]): Measured[] =>
    last === undefined ? [] : [[unit!, first!, last]],
  )
}
