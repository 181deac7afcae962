import { describe, expect, it } from 'vitest'
import { firstLayerToShow, scannableLayers, whyNotScannable } from '../../../src/core/model/scannable.ts'
import { chain, exerciseNetwork, spec } from '../../fixtures/kerasModels.ts'

describe('which layers can be scanned', () => {
  const network = chain(
    [10, 12, 3],
    [
      spec('Conv2D', 'conv', { filters: 2, kernel_size: 3 }),
      spec('Dropout', 'dropout', { rate: 0.1 }),
      spec('ReLU', 'relu'),
      spec('Flatten', 'flatten'),
      spec('Dense', 'dense', { units: 2 }),
      spec('Swirl', 'swirl'),
    ],
  )

  it('all but the image, what repeats its input, and what is not supported', () => {
    expect(scannableLayers(network).map(({ name }) => name)).toEqual(['conv', 'relu', 'dense'])
    const reasons = Object.fromEntries(network.layers.map((layer) => [layer.name, whyNotScannable(layer)]))
    expect(reasons).toEqual({
      image: 'the image itself',
      conv: null,
      dropout: 'it does nothing outside training',
      relu: null,
      flatten: 'the layer before it as one vector',
      dense: null,
      swirl: 'layer "swirl" is of type Swirl, which Urpatch does not support',
    })
  })

  it("the first to look at is a convolution in the middle: the notebook's conv2d_5", () => {
    expect(firstLayerToShow(exerciseNetwork())?.name).toBe('conv2d_5')
    expect(firstLayerToShow(network)?.name).toBe('conv')
    expect(
      firstLayerToShow(chain([4, 4, 3], [spec('Flatten', 'f'), spec('Dense', 'd', { units: 2 })]))?.name,
    ).toBe('d')
    expect(firstLayerToShow(chain([4, 4, 3], [spec('Swirl', 's')]))).toBeUndefined()
  })
})
