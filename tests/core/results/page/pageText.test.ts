import { describe, expect, it } from 'vitest'
import { escapedMarkup } from '../../../../src/core/results/page/escapedMarkup.ts'
import { pageScript } from '../../../../src/core/results/page/pageScript.ts'
import {
  channelCard,
  layerStart,
  type PageChannel,
  pageStart,
} from '../../../../src/core/results/page/pageText.ts'
import { binAt } from '../../../../src/core/scan/maximaHistogram.ts'

const hostile = `"><script>alert('x')</script><img src=x onerror=alert(1)>&amp;`

const channel: PageChannel = {
  layer: 'conv2d_5',
  channel: 16,
  name: '',
  star: false,
  note: '',
  isDead: false,
  top: [3, 2],
  mean: 1.5,
  deviation: 0.5,
  fires: 0.25,
  bins: [binAt(-3), binAt(0), binAt(1)].map((bin, i) => ({ ...bin, count: [2, 5, 10][i]! })),
  classes: new Map([[0, 1]]),
  classNameOf: () => 'cat',
  picture: 'data:image/jpeg;base64,AQID',
  extent: 180,
  made: [
    { title: 'Accentuated patch', value: 4, picture: 'data:image/bmp;base64,Qk0', rows: 10, columns: 20 },
  ],
}

const write = (value: number): string => value.toFixed(1)

/** All that is not text: tags and their attributes. */
function tagsOf(html: string): string[] {
  return html.match(/<[^>]*>/g) ?? []
}

describe('a page', () => {
  it('takes names for text, whatever they are', () => {
    const evil: PageChannel = {
      ...channel,
      layer: hostile,
      name: hostile,
      note: hostile,
      picture: `data:,${hostile}`,
      made: [{ ...channel.made[0]!, picture: `data:,${hostile}` }],
      classNameOf: () => hostile,
    }
    const harmless: PageChannel = { ...evil, layer: 'a', name: 'a', note: 'a', picture: 'data:,a' }
    const plain: PageChannel = { ...harmless, classNameOf: () => 'a' }
    const shapeOf = (html: string): string[] => tagsOf(html).map((tag) => tag.replaceAll(/="[^"]*"/g, ''))
    expect(shapeOf(channelCard(evil, write))).toEqual(shapeOf(channelCard(plain, write)))
    expect(channelCard(evil, write)).not.toContain('<script')
    expect(channelCard(evil, write)).toContain(escapedMarkup(hostile))
    const head = { images: hostile, layers: [hostile], classNames: [hostile, 'b'], about: hostile }
    const start = pageStart({ model: hostile, ...head })
    expect(start).not.toContain('<script')
    expect(start.match(/onerror/g)!.length).toBeGreaterThan(3)
    expect(shapeOf(layerStart(hostile, 1, 1))).toEqual(shapeOf(layerStart('a', 1, 1)))
    expect(tagsOf(start).filter((tag) => /onerror|alert/.test(tag.replaceAll(/="[^"]*"/g, '')))).toEqual([])
  })

  it('lets names from right to left turn nothing around them', () => {
    const [name, isolated] = ['חתול', '\u2068חתול\u2069']
    const start = pageStart({ model: name, images: name, layers: [], classNames: [], about: '' })
    expect(start).toContain(`<h1>Channels of ${isolated}</h1>`)
    expect(start).toContain(`the images of ${isolated}. `)
    expect(layerStart(name, 2, 3)).toContain(`<h2>${isolated} <span`)
    const card = channelCard({ ...channel, name, classNameOf: () => name }, write)
    expect(card).toContain(`16 · ${isolated}</a>`)
    expect(card).toContain(`<p>${isolated} 1</p>`)
  })

  it('has all of a channel: place, numbers, classes and picture', () => {
    const card = channelCard({ ...channel, name: 'eye', star: true, note: 'Family: eyes' }, write)
    for (const part of [
      'id="conv2d_5/16"',
      'href="#conv2d_5/16"',
      'data-max="3"',
      'data-share="0.5"',
      '16 · eye',
      'aria-label="starred"',
      '3.0 … 2.0<br>mean 1.5 ± 0.5<br>fires in 25 % of the images',
      '<p>cat 1</p>',
      '<p class="note">Family: eyes</p>',
      'alt="The 2 strongest patches of channel 16: cat 1"',
      'width="84" height="42" alt="Accentuated patch for channel 16"',
      '>Accentuated patch: 4.0</figcaption>',
      'aria-label="Histogram of the maxima of 17 images, from -0.0 to 0.0"',
    ])
      expect(card).toContain(part)
  })

  it('has a bar for each bin, as high as its count, and the gap between two of them', () => {
    const path = /<path d="([^"]*)"/.exec(channelCard(channel, write))![1]
    // Places -3, 0 and 1: of two empty bins two are drawn.
    expect(path).toBe('M0 28v-6h1v6zM3 28v-14h1v14zM4 28v-28h1v28z')
  })

  it('says that a channel is dead, without numbers that say nothing', () => {
    const dead = {
      ...channel,
      isDead: true,
      top: [],
      classes: new Map<number, number>(),
      picture: null,
      made: [],
    }
    const card = channelCard(dead, write)
    expect(card).toContain('<p class="quiet">dead</p>')
    expect(card).not.toMatch(/<img|<svg|strip/)
  })

  it('is closed by no text of its program', () => {
    expect(pageScript).not.toContain('</')
  })
})
