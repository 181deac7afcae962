import { describe, expect, it } from 'vitest'
import { channelSorts } from '../../../src/core/mosaic/channelOrder.ts'
import { nothingSought } from '../../../src/core/mosaic/finding.ts'
import { nothingChosen } from '../../../src/core/compare/comparing.ts'
import { pages, readHash, writeHash } from '../../../src/state/selectors/urlHash.ts'

const fresh = {
  layer: null,
  channel: null,
  patch: 0,
  full: false,
  alikeOnce: false,
  page: null,
  view: 'mosaics',
  image: null,
  sort: 'number',
  reversed: false,
  hideDead: false,
  bestClass: null,
  noted: null,
  finding: nothingSought,
  comparing: nothingChosen,
} as const

const findings = [
  [null, nothingSought],
  ['cat', { ...nothingSought, text: 'eye & ear=2', isReversed: true }],
  [
    'Common wheat & rye',
    {
      text: '',
      ranges: { fires: [0.25, null], choosy: [null, 0.5], max: [-1e-7, 1.5e30] },
      column: 'choosy',
      isReversed: false,
      ofClass: 'Common wheat & rye',
    },
  ],
] as const

const comparings = [
  nothingChosen,
  {
    layer: 'block/conv 1&2#=%',
    pair: '17',
    matched: true,
    order: 'images',
    only: 'born',
    before: 0,
    after: 3,
    step: 2,
  },
  { ...nothingChosen, pair: '+5', only: 'died', after: 1 },
] as const

describe('the hash', () => {
  it('of a fresh page is empty', () => {
    expect(writeHash(fresh)).toBe('')
    expect(readHash('')).toEqual(fresh)
  })

  it('gives every channel a link', () => {
    expect(writeHash({ ...fresh, layer: 'conv2d_5', channel: 17, patch: 3 })).toBe(
      '#layer=conv2d_5&channel=17&patch=3',
    )
  })

  it('opens a fresh page in the view that wrote it', () => {
    for (const layer of ['conv2d_5', 'block/conv 1&2#=%', 'Schicht_ä'])
      for (const [channel, patch, full] of [
        [null, 0, false],
        [0, 0, false],
        [2047, 15, true],
      ] as const)
        for (const sort of channelSorts)
          for (const hideDead of [true, false]) {
            for (const page of [null, ...pages])
              for (const view of ['mosaics', 'table'])
                for (const reversed of [true, false])
                  for (const [bestClass, finding] of findings) {
                    const noted = bestClass && `list:${bestClass}`
                    const linked = {
                      ...fresh,
                      layer,
                      channel,
                      patch,
                      full,
                      alikeOnce: hideDead,
                      page,
                      view,
                      sort,
                      reversed,
                      hideDead,
                      bestClass,
                      noted,
                      finding,
                    }
                    expect(readHash(writeHash(linked)), writeHash(linked)).toEqual(linked)
                  }
          }
  })

  it('names the image whose page is open, and no other', () => {
    const view = { ...fresh, layer: 'a', page: 'image', image: 'cat & dog/1 #ä.png' } as const
    expect(writeHash(view)).toBe('#layer=a&image=cat+%26+dog%2F1+%23%C3%A4.png')
    expect(readHash(writeHash(view))).toEqual(view)
    expect(writeHash({ ...view, page: 'probe' })).toBe('#layer=a&page=probe')
    expect(readHash('#page=image')).toMatchObject({ page: null, image: null })
  })

  it('gives a comparison a link, and says nothing of it on other pages', () => {
    for (const comparing of comparings) {
      const linked = { ...fresh, page: 'compare', comparing } as const
      expect(readHash(writeHash(linked))).toEqual(linked)
      expect(writeHash({ ...linked, page: 'notes' })).toBe('#page=notes')
    }
    const wrong = '#page=compare&of=a&pair=x&only=alive&change=size&scans=1&step=-1'
    expect(readHash(wrong).comparing).toEqual({ ...nothingChosen, layer: 'a' })
  })

  it('is read to all fields, so that a page with another view comes to the view that wrote it', () => {
    for (const hash of ['', '#', '#layer=b', '#sort=class', '#rubbish'])
      expect(Object.keys(readHash(hash)).toSorted(), hash).toEqual(Object.keys(fresh).toSorted())
  })

  it('says nothing of a patch or a width without a channel', () => {
    expect(writeHash({ ...fresh, layer: 'a', patch: 3, full: true })).toBe('#layer=a')
  })

  it.each([
    ['#layer=a&channel=-1', { layer: 'a', channel: null }],
    ['#layer=a&channel=1.5', { layer: 'a', channel: null }],
    ['#layer=a&channel=x', { layer: 'a', channel: null }],
    ['#layer=a&channel=1&patch=x', { channel: 1, patch: 0 }],
    ['#channel=3', { layer: null, channel: null }],
    ['#sort=colour', { layer: null }],
    [
      '#range=fires_x_0.5&range=rubbish&range=_1_2',
      { finding: { ...nothingSought, ranges: { fires: [null, 0.5] } } },
    ],
    ['#rubbish', { layer: null, channel: null, patch: 0 }],
  ])('%s is read as far as it makes sense', (hash, view) => {
    expect(readHash(hash)).toMatchObject({ ...view, sort: 'number' })
  })
})
