/** The kit's measured receptive fields: each row was found by forward passes with one changed pixel, not by a formula. */
import { describe, expect, it } from 'vitest'
import { layerIndex, networkOf } from '../../fixtures/kerasModels.ts'
import { kit, kitTable } from '../../kit.ts'
import { compareField } from '../../measuredFields.ts'
import { readModelConfig } from '../../modelConfig.ts'

const rows = kitTable('truth/receptive_fields_measured.tsv')
const models = [...new Set(rows.map(({ model }) => model!))]

describe.skipIf(rows.length === 0)('measured', () => {
  it.each(models)('%s', async (model) => {
    const { config, kerasMajor } = await readModelConfig(`${kit}models/${model}`)
    const network = networkOf(config, kerasMajor)
    for (const row of rows.filter((one) => one['model'] === model))
      compareField(network, layerIndex(network, row['layer']!), row)
  })

  it('have 480 rows', () => {
    expect(rows.length).toBe(480)
  })
})
