import { expect, it } from 'vitest'
import type { LayerFacts } from '../../../src/ui/model/layerFacts.ts'
import { filterLayers, noFilter, typeCounts } from '../../../src/ui/model/layerFilter.ts'

function facts(name: string, className: string, notScannable: string | null = null): LayerFacts {
  return { name, className, notScannable } as LayerFacts
}

const layers = [
  facts('image', 'InputLayer', 'the image itself'),
  facts('backbone/block1_conv', 'Conv2D'),
  facts('backbone/block1_relu', 'ReLU'),
  facts('head_conv', 'Conv2D', 'it is not supported'),
]

function found(filter: Partial<typeof noFilter>): string[] {
  return filterLayers(layers, { ...noFilter, ...filter }).map(({ name }) => name)
}

it('finds layers by all of the words, in name or type, whatever their capitals', () => {
  expect(found({})).toHaveLength(4)
  expect(found({ text: ' BLOCK1  conv2d ' })).toEqual(['backbone/block1_conv'])
  expect(found({ text: 'conv' })).toEqual(['backbone/block1_conv', 'head_conv'])
  expect(found({ text: 'block2' })).toEqual([])
})

it('narrows by type and by what can be scanned', () => {
  expect(found({ type: 'Conv2D' })).toEqual(['backbone/block1_conv', 'head_conv'])
  expect(found({ type: 'Conv2D', onlyScannable: true })).toEqual(['backbone/block1_conv'])
  expect(found({ onlyScannable: true })).toEqual(['backbone/block1_conv', 'backbone/block1_relu'])
})

it('counts types, the most frequent first', () => {
  expect(typeCounts(layers)).toEqual([
    ['Conv2D', 2],
    ['InputLayer', 1],
    ['ReLU', 1],
  ])
})
