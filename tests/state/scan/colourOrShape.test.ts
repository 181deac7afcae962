import { describe, expect, it } from 'vitest'
import type { DisturbedPatch } from '../../../src/engine/scan/disturbPatch.ts'
import { patchesOf } from '../../../src/state/mosaic/patches.ts'
import { colourOrShape, meansOf } from '../../../src/state/scan/colourOrShape.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'

const one = (before: number, grey: number, soft: number, moved: number | null): DisturbedPatch => ({
  before,
  grey,
  blurred: soft,
  shuffled: moved,
})

describe('colour or shape', () => {
  it('is the mean of each share of the original, of patches above 0', () => {
    expect(meansOf([one(4, 2, 1, 0), one(1, 1, 0.5, -1), one(0, 9, 9, 9), one(-1, 9, 9, 9)])).toEqual({
      patches: 2,
      grey: 0.75,
      blurred: 0.375,
      shuffled: -0.5,
    })
    expect(meansOf([one(4, 2, 1, null), one(1, 1, 0.5, null)])!.shuffled).toBe(null)
    expect(meansOf([one(0, 1, 1, 1)])).toBe(null)
    expect(meansOf([])).toBe(null)
  })

  it('asks an engine for each of the top patches, with a seed of the image, until it is stopped', async () => {
    const { store, engines } = await readyApp()
    await store.getState().run(['first'])
    const { model, images, preprocessing, results } = store.getState()
    const patches = patchesOf(model!, 'first', results.get('first')!, 1, 9)
    const asked = { model: model!, images: images!, preprocessing, layer: 'first', channel: 1, patches }
    const { pool } = store.services
    const found = await colourOrShape(pool, asked, () => false, new AbortController().signal)
    expect(found).toEqual({ patches: 9, grey: 0.5, blurred: 0.25, shuffled: 0.125 })
    const { claims } = engines.all[0]!
    expect(claims.map(({ unit, box, seed }) => ({ unit, box, image: seed - 1 }))).toEqual(
      patches.map(({ unit, box, image }) => ({ unit, box, image })),
    )
    const stopped = AbortSignal.abort()
    await expect(colourOrShape(pool, asked, () => false, stopped)).rejects.toBe(stopped.reason)
    expect(engines.all[0]!.claims).toHaveLength(9)
  })
})
