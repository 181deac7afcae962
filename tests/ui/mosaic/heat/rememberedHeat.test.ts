import { afterEach, expect, it } from 'vitest'
import { rememberedHeat, rememberHeat } from '../../../../src/ui/mosaic/heat/rememberedHeat.ts'

afterEach(() => localStorage.clear())

it('is as it was left', () => {
  expect(rememberedHeat()).toEqual({})
  const heat = { part: true, whole: false, patches: true, opacity: 0.35 }
  rememberHeat(heat)
  expect(rememberedHeat()).toEqual(heat)
})

it.each(['{', 'null', '[]', '{"part":"yes","opacity":7}', '{"opacity":null,"other":1}'])(
  'is nothing of %s',
  (stored) => {
    localStorage.setItem('heat-maps', stored)
    expect(rememberedHeat()).toEqual({})
  },
)
