import { describe, expect, it } from 'vitest'
import type { SupportedLayer } from '../../../src/core/model/network.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { suspicionOf } from '../../../src/core/scan/suspicion.ts'
import { chain, type Json, spec, supported } from '../../fixtures/kerasModels.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

const channels = 10
const images = 20

function layerOf(config: Json = {}): SupportedLayer {
  const network = chain([8, 8, 3], [spec('Conv2D', 'conv', { filters: channels, kernel_size: 3, ...config })])
  return supported(network, 'conv')
}

/** A layer whose channels have this maximum in each image, and another unit of 0. */
function resultOf(maximum: (channel: number, image: number) => number): LayerResult {
  const result = new LayerResult(channels, 36, 4)
  const cells = Array.from({ length: images * channels }, (_, i) =>
    maximum(i % channels, Math.floor(i / channels)),
  )
  result.absorb(summary(channels, cells), firstImages(images))
  return result
}

function suspicion(maximum: (channel: number, image: number) => number, config?: Json) {
  return suspicionOf([{ layer: layerOf(config), result: resultOf(maximum) }])
}

describe('a scan is suspicious', () => {
  it('where nearly all channels are dead', () => {
    expect(suspicion(() => 0)).toEqual({ code: 'dead', layer: 'conv', count: 10, channels: 10 })
    expect(suspicion((channel, image) => (channel === 0 ? image : 0))).toBeNull()
  })

  it('where the best images answer the same', () => {
    expect(suspicion((channel) => channel + 1)).toEqual({
      code: 'same',
      layer: 'conv',
      count: 10,
      channels: 10,
    })
    expect(suspicion((channel, image) => channel + image)).toBeNull()
  })

  it('but not where a unit sees one pixel, as the first normalization does: many photos have a white one', () => {
    const white = { layer: layerOf(), result: resultOf((channel) => channel + 1) }
    expect(suspicionOf([white])?.code).toBe('same')
    expect(suspicionOf([{ ...white, isOfPixels: true }])).toBeNull()
    const dead = { layer: layerOf(), result: resultOf(() => 0), isOfPixels: true }
    expect(suspicionOf([dead])?.code).toBe('dead')
  })

  it('but not where an activation ends at a bound', () => {
    expect(suspicion(() => 6, { activation: 'relu6' })).toBeNull()
    expect(suspicion(() => 6, { activation: 'relu' })?.code).toBe('same')
  })

  it('but not where a class token is still the parameter that it is before the first attention', () => {
    const token: SupportedLayer = { ...layerOf(), op: { kind: 'token', index: 0 }, shape: [channels] }
    const constant = resultOf(() => 0)
    expect(suspicionOf([{ layer: token, result: constant }])).toBeNull()
    expect(
      suspicionOf([
        { layer: token, result: constant },
        { layer: layerOf(), result: constant },
      ])?.layer,
    ).toBe('conv')
  })

  it('in its first odd layer', () => {
    const fine = {
      layer: { ...layerOf(), name: 'fine' },
      result: resultOf((channel, image) => channel + image),
    }
    const odd = { layer: { ...layerOf(), name: 'odd' }, result: resultOf(() => 0) }
    expect(suspicionOf([fine, odd, odd])?.layer).toBe('odd')
    expect(suspicionOf([])).toBeNull()
  })
})
