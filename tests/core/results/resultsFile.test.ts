import { describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { everything } from '../../../src/core/images/selection.ts'
import type { LayerLosses } from '../../../src/core/reasons/lossRanking.ts'
import { type ResultsFile, type ResultsParts, resultsText } from '../../../src/core/results/resultsFile.ts'
import type { Classes } from '../../../src/core/scan/classMeans.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'
import { tableOfFolder } from '../../fixtures/imageTables.ts'

const network = chain(
  [8, 6, 3],
  [
    spec('Conv2D', 'conv', { filters: 4, kernel_size: 3, strides: 2, padding: 'same' }),
    spec('GlobalAveragePooling2D', 'global'),
    spec('Swirl', 'swirl'),
  ],
)

/** Two images, and four channels: one alive, one dead, one with NaN, one with nothing but NaN. */
function convResult(classes: Classes | null = null): LayerResult {
  const result = new LayerResult(4, 12, 16, classes, 3)
  const batch = summary(4, [0.125, 0, 2, -Infinity, 3.25, 0, 1, -Infinity], {
    min: Float32Array.of(0, 0, 1.5, Infinity, -1, 0, 0.5, Infinity),
    nan: Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 1),
    position: Uint32Array.of(0, 0, 11, 0, 7, 0, 2, 0),
  })
  result.absorb(batch, Int32Array.of(1, 0))
  return result
}

function parts(): ResultsParts {
  return {
    network,
    modelName: 'animals.h5',
    modelSha256: 'abc',
    imagesName: 'photos',
    table: tableOfFolder(['cat/2.png', 'cat/1.png', 'dog/1.png', 'dog/bad.png']),
    fingerprint: 'def',
    skipped: new Map([
      [3, 'cut off'],
      [2, 'no picture'],
    ]),
    preprocessing: notebookPreprocessing,
    k: 16,
    selection: everything,
    results: new Map([['conv', convResult()]]),
    samples: new Map(),
  }
}

/** The file as a reader gets it. */
function written(given: ResultsParts): ResultsFile {
  const { layers, head } = resultsText(given)
  const pieces = [...layers].flatMap((layer) => [...layer.pieces()])
  return JSON.parse([head(), ...pieces].join('')) as ResultsFile
}

describe('the results file', () => {
  it('says which classes and splits, and what sample of them, it is of', () => {
    const { images, layers } = written({
      ...parts(),
      selection: { classes: ['cat'], splits: null, sample: { first: 2 } },
      samples: new Map([['conv', { random: 2, seed: 5 }]]),
    })
    expect(images.selection).toEqual({ classes: ['cat'] })
    expect(layers[0]!.sample).toEqual({ random: 2, seed: 5 })
  })

  it('has what the network loses without each channel, of layers that were ranked by it', () => {
    const losses: LayerLosses = {
      replacement: 'zero',
      images: 300,
      of: 500,
      yardstick: 'own',
      loss: [0.5, Number.NaN, 0, -0.25],
      changed: [7, 0, 0, 1],
      judged: 300,
      right: [293, 300, 300, 299],
      rightBefore: 300,
      stability: 0.5,
    }
    const { layers } = written({ ...parts(), losses: new Map([['conv', losses]]) })
    expect(layers[0]!.ablation).toEqual({ ...losses, loss: [0.5, null, 0, -0.25] })
    expect(written(parts()).layers[0]).not.toHaveProperty('ablation')
  })

  it('comes in pieces of which none is long, however wide a layer is', () => {
    const [channels, images] = [5000, 40]
    const wide = chain(
      [8, 6, 3],
      [spec('GlobalAveragePooling2D', 'global'), spec('Dense', 'wide', { units: channels })],
    )
    const result = new LayerResult(channels, 1, 25)
    const values = Float32Array.from({ length: images * channels }, (_, i) => Math.fround(Math.sin(i)))
    result.absorb(summary(channels, values, { min: values }), firstImages(images))
    const paths = Array.from({ length: images }, (_, i) => `a class with a long name/picture ${i}.png`)
    const given: ResultsParts = {
      ...parts(),
      network: wide,
      table: tableOfFolder(paths),
      skipped: new Map(),
      results: new Map([['wide', result]]),
    }
    const { layers, head } = resultsText(given)
    const pieces = [...layers].flatMap((layer) => [...layer.pieces()])
    const text = [head(), ...pieces].join('')
    expect(text.length).toBeGreaterThan(20e6)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(0.5e6)
    // It is equal to the file written as one string.
    expect(text).toBe(JSON.stringify(JSON.parse(text)))
    const [layer] = (JSON.parse(text) as ResultsFile).layers
    expect(Object.keys(layer!)).toEqual(['name', 'shape', 'scanned', 'classesLeftOut', 'channels'])
    expect(layer!.channels.map(({ channel }) => channel)).toEqual([...Array(channels).keys()])
  })

  it('has the fields of the contract', () => {
    const file = written(parts())
    expect(file).toEqual({
      format: 'urpatch-results',
      version: 1,
      model: { name: 'animals.h5', sha256: 'abc', inputShape: [8, 6, 3] },
      images: {
        name: 'photos',
        count: 4,
        scanned: 2,
        fingerprint: 'def',
        skipped: [
          { path: 'dog/1.png', reason: 'no picture' },
          { path: 'dog/bad.png', reason: 'cut off' },
        ],
      },
      preprocessing: notebookPreprocessing,
      k: 16,
      layers: [expect.objectContaining({ name: 'conv', shape: [4, 3, 4], scanned: 2 })],
    })
  })

  it('has the top of each channel with image, activation, unit and unclipped box; dead and NaN where they are', () => {
    expect(
      written(parts()).layers[0]!.channels.map(({ channel, dead, nanImages, top }) => ({
        channel,
        dead,
        nanImages,
        top,
      })),
    ).toEqual([
      {
        channel: 0,
        top: [
          // `same` adds one row to 8 rows at the end, and one column to 6 columns.
          { image: 'cat/1.png', activation: 3.25, unit: [2, 1], box: [4, 2, 7, 5] },
          { image: 'cat/2.png', activation: 0.125, unit: [0, 0], box: [0, 0, 3, 3] },
        ],
      },
      { channel: 1, dead: true, top: [] },
      {
        channel: 2,
        nanImages: 1,
        top: [
          { image: 'cat/2.png', activation: 2, unit: [3, 2], box: [6, 4, 9, 7] },
          { image: 'cat/1.png', activation: 1, unit: [0, 2], box: [0, 4, 3, 7] },
        ],
      },
      { channel: 3, nanImages: 2, top: [] },
    ])
  })

  it('has statistics, the lowest, quantiles and classes of each channel that is not dead', () => {
    const result = convResult({ count: 2, of: parts().table.classOf })
    const [alive, dead, withNan, onlyNan] = written({ ...parts(), results: new Map([['conv', result]]) })
      .layers[0]!.channels
    const first = { image: 'cat/1.png', activation: 3.25, unit: [2, 1], box: [4, 2, 7, 5] }
    const second = { image: 'cat/2.png', activation: 0.125, unit: [0, 0], box: [0, 0, 3, 3] }
    expect(alive).toEqual({
      channel: 0,
      top: [first, second],
      lowest: [second, first],
      quantiles: [
        { from: 0.125, to: 0.125, samples: [second] },
        { from: 3.25, to: 3.25, samples: [first] },
      ],
      statistics: {
        images: 2,
        mean: 1.6875,
        standardDeviation: 1.5625,
        activeImages: 2,
        activeUnits: 2,
        // [0.125, 0.140625) and [3.25, 3.5).
        histogram: {
          zero: 0,
          positive: [
            [-24, 1],
            [13, 1],
          ],
        },
        where: [
          [1, 0, 0],
          [0, 0, 0],
          [0, 1, 0],
          [0, 0, 0],
        ],
      },
      classes: [{ class: 'cat', images: 2, mean: 1.6875, top: 2 }],
    })
    expect(dead).toEqual({
      channel: 1,
      dead: true,
      top: [],
      lowest: [],
      quantiles: [],
      statistics: {
        images: 2,
        mean: 0,
        standardDeviation: 0,
        activeImages: 0,
        activeUnits: 0,
        histogram: { zero: 2, positive: [] },
      },
    })
    expect(withNan!.classes).toEqual([{ class: 'cat', images: 2, mean: 1.5, top: 2 }])
    expect(onlyNan).toMatchObject({
      nanImages: 2,
      top: [],
      lowest: [],
      quantiles: [],
      statistics: { images: 0, mean: null, standardDeviation: null },
      classes: [],
    })
  })

  it('writes neighbouring bins of a histogram as runs, from small to large, those below zero apart', () => {
    const values = [1, 1, 1.125, 1.375, 4, -0.5, -0.5, -0.7, 1e-9, Infinity]
    const result = new LayerResult(1, 12, 4)
    result.absorb(summary(1, values), firstImages(values.length))
    const paths = values.map((_, i) => `${i}.png`)
    const file = written({
      ...parts(),
      table: tableOfFolder(paths),
      k: 64,
      skipped: new Map(),
      results: new Map([['conv', result]]),
    })
    expect(file.layers[0]!.channels[0]!.statistics).toMatchObject({
      images: 9,
      infinite: 1,
      histogram: {
        zero: 1,
        positive: [
          [0, 2, 1, 0, 1],
          [16, 1],
        ],
        // The bins are [0.5, 0.5625), then two empty ones, then [0.6875, 0.75).
        negative: [
          [-8, 2],
          [-5, 1],
        ],
      },
    })
  })

  it('says why there are no classes where the images have some', () => {
    const [layer] = written(parts()).layers
    expect(layer!.channels.every(({ classes }) => classes === undefined)).toBe(true)
    expect(layer!.classesLeftOut).toMatch(/^The means of the classes are left out here: more than 4,000,000/)
    const without = written({ ...parts(), table: tableOfFolder(['1.png', '2.png', '3.png', '4.png']) })
    expect(without.layers[0]!.classesLeftOut).toBeUndefined()
  })

  it('writes activations so that they read back as the same float32', () => {
    const result = new LayerResult(1, 12, 64)
    const values = Float32Array.from({ length: 64 }, (_, i) =>
      Math.fround(Math.tan(i) * 10 ** ((i % 20) - 10)),
    )
    result.absorb(summary(1, values, { min: values }), firstImages(64))
    const paths = Array.from(values, (_, i) => `${String(i).padStart(2, '0')}.png`)
    const file = written({
      ...parts(),
      table: tableOfFolder(paths),
      k: 64,
      skipped: new Map(),
      results: new Map([['conv', result]]),
    })
    const { top } = file.layers[0]!.channels[0]!
    expect(top.map(({ image, activation }) => [image, Math.fround(activation)])).toEqual(
      [...values.entries()].toSorted(([, a], [, b]) => b - a).map(([i, value]) => [paths[i], value]),
    )
  })

  it('writes infinity, which JSON does not know, as the largest float32', () => {
    const largest = 3.4028234663852886e38
    const result = new LayerResult(1, 12, 4)
    const min = Float32Array.of(-Infinity, 0, 0)
    result.absorb(summary(1, [Infinity, largest, 1], { min }), firstImages(3))
    const file = written({ ...parts(), results: new Map([['conv', result]]) })
    const activations = file.layers[0]!.channels[0]!.top.map(({ activation }) => activation)
    expect(activations.map(Math.fround)).toEqual([largest, largest, 1])
  })

  it('takes a single unit of a single image for alive', () => {
    const result = new LayerResult(4, 1, 16)
    result.absorb(summary(4, [0, 0, 0, 0]), Int32Array.of(1))
    const [layer] = written({ ...parts(), results: new Map([['global', result]]) }).layers
    expect(layer!.channels.map(({ dead, top }) => [dead, top.length])).toEqual(
      Array.from({ length: 4 }, () => [undefined, 1]),
    )
  })

  it('gives a layer without space its channels, unit (0, 0) and the whole input', () => {
    const result = new LayerResult(4, 1, 16)
    const values = Float32Array.of(1, 2, 3, 4, 0, 0, 0, 0)
    result.absorb(summary(4, values, { min: values }), firstImages(2))
    const [layer] = written({ ...parts(), results: new Map([['global', result]]) }).layers
    expect(layer!.shape).toEqual([4])
    expect(layer!.channels[2]!.top[0]).toEqual({
      image: 'cat/1.png',
      activation: 3,
      unit: [0, 0],
      box: [0, 0, 8, 6],
    })
  })

  it("lists layers in the network's order, and the most images any of them has seen", () => {
    const few = new LayerResult(4, 1, 16)
    const results = new Map([
      ['global', few],
      ['conv', convResult()],
    ])
    const file = written({ ...parts(), results })
    expect(file.layers.map(({ name, scanned }) => [name, scanned])).toEqual([
      ['conv', 2],
      ['global', 0],
    ])
    expect(file.images.scanned).toBe(2)
  })

  it('is complete before the first image', () => {
    expect(written({ ...parts(), results: new Map() })).toMatchObject({
      layers: [],
      images: { scanned: 0 },
    })
  })
})
