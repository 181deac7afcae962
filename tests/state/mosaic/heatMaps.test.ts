import { expect, it } from 'vitest'
import { HeatMaps, type HeatTarget } from '../../../src/state/mosaic/heatMaps.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'

it('keeps the maps that were asked for last, within its bytes', async () => {
  const computed: number[] = []
  const maps = new HeatMaps(async ({ image }) => {
    computed.push(image)
    return { rows: 1, columns: 25, values: new Float32Array(25) }
  }, 300)
  const shared = { model: {}, images: {}, preprocessing: notebookPreprocessing, layer: 'l', channel: 0 }
  const of = (image: number): HeatTarget => ({ ...shared, image })
  for (const image of [1, 2, 3, 1, 4]) await maps.of(of(image))
  expect(computed).toEqual([1, 2, 3, 4])
  expect([1, 2, 3, 4].map((image) => maps.known(of(image)) !== null)).toEqual([true, false, true, true])
  await maps.of(of(2))
  expect([1, 2, 3, 4].map((image) => maps.known(of(image)) !== null)).toEqual([true, true, false, true])
})

it('keeps one that is larger than all its bytes as long as no other is asked for', async () => {
  const maps = new HeatMaps(async () => ({ rows: 1, columns: 100, values: new Float32Array(100) }), 300)
  const target = { model: {}, images: {}, preprocessing: notebookPreprocessing, layer: 'l', channel: 0 }
  await maps.of({ ...target, image: 1 })
  expect(maps.known({ ...target, image: 1 })).not.toBeNull()
  await maps.of({ ...target, image: 2 })
  expect(maps.known({ ...target, image: 1 })).toBeNull()
  expect(maps.known({ ...target, image: 2 })).not.toBeNull()
})
