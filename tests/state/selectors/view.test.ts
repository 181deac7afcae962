import { describe, expect, it } from 'vitest'
import { fitView } from '../../../src/state/selectors/view.ts'
import { channels, smallNetwork } from '../../fixtures/fakeWorkers.ts'

describe('a link and a model', () => {
  const network = smallNetwork()
  const link = { layer: 'second', channel: 3, patch: 2 }

  it('that has its layer and channel agree', () => {
    expect(fitView(network, link, 'first')).toEqual(link)
    expect(fitView(network, { ...link, channel: 0 }, 'first')).toEqual({ ...link, channel: 0 })
  })

  it.each([
    ['is not there', 'third'],
    ['cannot be scanned', 'flat'],
    ['is not named', null],
  ])('whose layer %s: the fallback, without a channel', (_, layer) => {
    expect(fitView(network, { ...link, layer }, 'first')).toEqual({ layer: 'first', channel: null, patch: 0 })
    expect(fitView(network, { ...link, layer }, null)).toEqual({ layer: null, channel: null, patch: 0 })
  })

  it('whose layer has fewer channels: the layer without a channel', () => {
    for (const channel of [channels, 2047, null])
      expect(fitView(network, { ...link, channel }, 'first')).toEqual({
        layer: 'second',
        channel: null,
        patch: 0,
      })
  })
})
