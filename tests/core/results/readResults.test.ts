import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/core/errors.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { ResultsReader } from '../../../src/core/results/readResults.ts'
import type { RecordedResults } from '../../../src/core/results/recordedFile.ts'
import { lost, RecordedResult } from '../../../src/core/results/recordedResult.ts'
import { unitAt } from '../../../src/core/model/units.ts'
import { UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { topOfClasses } from '../../../src/core/scan/classShares.ts'
import { activity } from '../../../src/core/scan/statistics/activity.ts'
import { classMeans } from '../../../src/core/scan/statistics/classMeans.ts'
import { histogram } from '../../../src/core/scan/statistics/histogram.ts'
import { statistics } from '../../../src/core/scan/statistics/index.ts'
import { lowest } from '../../../src/core/scan/statistics/lowest.ts'
import { maxima } from '../../../src/core/scan/statistics/maxima.ts'
import { median } from '../../../src/core/scan/statistics/median.ts'
import { quantiles } from '../../../src/core/scan/statistics/quantiles.ts'
import type { Statistic } from '../../../src/core/scan/statistics/statistic.ts'
import type { TopEntry } from '../../../src/core/scan/topK.ts'
import { type Random, seeded } from '../../fixtures/random.ts'
import { network, resultsFile, resultsParts } from '../../fixtures/resultsFiles.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

function read(file: string | Uint8Array, pieces = 1000): RecordedResults {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const reader = new ResultsReader('a.urpatch.json', (piece) => decoder.decode(piece))
  for (let at = 0; at < bytes.length; at += pieces) reader.push(bytes.subarray(at, at + pieces))
  return reader.end()
}

const ofNumbers: readonly Statistic[] = [maxima, activity, histogram, median]
const ofImages: readonly Statistic[] = [lowest, quantiles, classMeans]

/** The sentence of the error that reading ends with. */
function problemOf(file: string | Uint8Array): string {
  try {
    read(file)
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    return (error as AppError).message
  }
  return ''
}

interface Json {
  [key: string]: Json & Json[]
}

/** The same file with a change. */
function changed(change: (file: Json) => void): string {
  const file = JSON.parse(resultsFile()) as Json
  change(file)
  return JSON.stringify(file)
}

describe('a results file', () => {
  it.each([1, 7, 1000, 1e6])('reads as it was written, in pieces of %d bytes', (pieces) => {
    const parts = resultsParts()
    const file = read(resultsFile(parts), pieces)
    expect(file.model).toEqual({ name: 'animals.h5', sha256: 'a'.repeat(64), inputShape: [8, 6, 3] })
    expect(file.images).toEqual({
      name: 'photos',
      count: 121,
      scanned: 120,
      fingerprint: 'f'.repeat(64),
      selection: { classes: null, splits: null },
      skipped: [{ path: parts.table.paths[120], reason: 'cut off' }],
    })
    expect(file.preprocessing).toEqual(parts.preprocessing)
    expect(file.k).toBe(9)
    expect(file.layers.map(({ name, shape, scanned, sample }) => ({ name, shape, scanned, sample }))).toEqual(
      [
        { name: 'conv', shape: [4, 3, 5], scanned: 120, sample: 'all' },
        { name: 'global', shape: [5], scanned: 120, sample: { random: 120, seed: 3 } },
      ],
    )
    expect(file.classNames).toEqual(parts.table.classNames)
    expect(file.paths.length).toBeGreaterThan(30)

    // Images have the numbers of the table that the file was made from.
    const numbering = {
      images: Int32Array.from(file.paths, (path) => parts.table.paths.indexOf(path)),
      classes: Int32Array.from(file.classNames, (name) => parts.table.classNames.indexOf(name)),
    }
    for (const [i, layer] of network.layers.slice(-2).entries()) {
      const result = parts.results.get(layer.name)!
      const recorded = new RecordedResult(file.layers[i]!, numbering, 1)
      const { shape } = file.layers[i]!
      const boxes = new UnitBoxes(network, network.layers.indexOf(layer))
      const placed = ({ image, activation, position }: TopEntry) => {
        const unit = unitAt(shape, position)
        const place = { unit, box: boxes.box(...unit) }
        return { image, activation: Number(activation.toPrecision(9)), position, place }
      }
      expect(recorded.channels).toBe(5)
      expect(recorded.units).toBe(result.units)
      for (let channel = 0; channel < 5; channel++) {
        expect(recorded.top(channel, 9)).toEqual(result.top(channel, 9).map(placed))
        expect(recorded.of(lowest, channel)).toEqual(result.of(lowest, channel)!.map(placed))
        expect(recorded.of(quantiles, channel)).toEqual(
          result.of(quantiles, channel)!.map(({ from, to, samples }) => ({
            from: Number(from.toPrecision(9)),
            to: Number(to.toPrecision(9)),
            samples: samples.map(placed),
          })),
        )
        for (const statistic of ofNumbers)
          expect(recorded.of(statistic, channel)).toEqual(result.of(statistic, channel))
        expect(recorded.isDead(channel)).toBe(result.isDead(channel))
        expect(recorded.highest(channel)).toBeCloseTo(result.highest(channel), 6)
        expect(recorded.of(classMeans, channel)).toEqual(
          result.isDead(channel) ? [] : result.of(classMeans, channel),
        )
        expect(topOfClasses(recorded, channel, 9, new Int32Array(0))).toEqual(
          topOfClasses(result, channel, 9, parts.table.classOf),
        )
      }
      // If fewer patches are asked for than the file has, the classes of the images are counted.
      expect(recorded.top(0, 4)).toEqual(recorded.top(0, 9).slice(0, 4))
      expect(topOfClasses(recorded, 0, 4, parts.table.classOf)).toEqual(
        topOfClasses(result, 0, 4, parts.table.classOf),
      )
      expect(recorded.isDead(3)).toBe(true)
      expect(recorded.highest(3)).toBe(0.25)
      expect(recorded.highest(4)).toBe(-Infinity)
    }
  })

  it('may tell the seats of units that see the whole image', () => {
    const file = read(
      changed(({ layers }) => {
        Object.assign(layers![0]!.channels![0]!.top![1]!, { seat: [2, 0, 4, 2] })
      }),
    )
    const numbers = { images: new Int32Array(999), classes: new Int32Array(9) }
    const [first, second] = new RecordedResult(file.layers[0]!, numbers, 1).top(0, 2)
    expect(first!.place!.seat).toBeUndefined()
    expect(second!.place!.seat).toEqual([2, 0, 4, 2])
  })

  it('may have the former keys of renamed statistics', () => {
    const before = resultsFile()
    const older = before
      .replaceAll('"standardDeviation":', '"spread":')
      .replaceAll('"activeImages":', '"firingImages":')
      .replaceAll('"activeUnits":', '"firingUnits":')
    expect(older).not.toBe(before)
    const columnsOf = (text: string): unknown => read(text).layers.map(({ columns }) => columns)
    expect(columnsOf(older)).toEqual(columnsOf(before))
    const broken = older.replace('"firingUnits":', '"firingUnits":-')
    expect(problemOf(broken)).toContain('layers[0].channels[0].statistics.firingUnits is -')
    const without = older.replace('"spread":', '"width":')
    expect(problemOf(without)).toContain('layers[0].channels[0].statistics.standardDeviation is missing')
  })

  it('says where the record of each layer is', () => {
    const text = resultsFile()
    const bytes = new TextEncoder().encode(text)
    const records = read(bytes, 13).layers.map(({ range }) => decoder.decode(bytes.subarray(...range)))
    expect(records.map((record) => JSON.parse(record) as unknown)).toEqual(
      (JSON.parse(text) as { layers: unknown[] }).layers,
    )
  })

  it('may be written with line breaks, a mark of its encoding, and keys in any order', () => {
    const file = JSON.parse(resultsFile()) as Record<string, unknown>
    const turned = Object.fromEntries(Object.entries(file).toReversed())
    const text = `\uFEFF${JSON.stringify(turned, null, 2)}\n`
    const { head, layers, ...others } = read(text)
    const before = read(resultsFile())
    expect({ ...others, head, layers: before.layers }).toEqual(before)
    expect(layers.map(({ columns }) => columns)).toEqual(before.layers.map(({ columns }) => columns))
  })

  it('may hold unknown keys and settings', () => {
    const text = changed((file) => {
      Object.assign(file, { notes: { layers: [{ channels: [{ a: 1 }] }] } })
      Object.assign(file['preprocessing']!, { dither: 'none' })
      Object.assign(file['layers']![0]!['channels']![0]!['top']![0]!, { seat: [0, 0, 1, 1] })
    })
    expect(read(text).preprocessing).toEqual(read(resultsFile()).preprocessing)
    expect(read(text).head['notes']).toEqual({ layers: [{ channels: [{ a: 1 }] }] })
  })

  it('may hold nothing of a channel but its top', () => {
    const file = read(
      JSON.stringify({
        format: 'urpatch-results',
        version: 1,
        model: { name: 'm', sha256: '', inputShape: [96, 96, 3] },
        images: { name: 'i', count: 2, scanned: 2, fingerprint: '', skipped: [] },
        preprocessing: {},
        k: 16,
        layers: [
          {
            name: 'l',
            shape: [39, 39, 1],
            channels: [
              { channel: 0, top: [{ image: 'b/1.png', activation: 2, unit: [1, 2], box: [-1, -2, 3, 4] }] },
            ],
          },
        ],
      }),
    )
    expect(file.preprocessing).toEqual(notebookPreprocessing)
    const numbering = { images: Int32Array.of(lost(0)), classes: new Int32Array(0) }
    const recorded = new RecordedResult(file.layers[0]!, numbering, 1)
    expect(recorded).toMatchObject({ channels: 1, units: 39 * 39, scanned: 2 })
    expect(recorded.top(0, 16)).toEqual([
      { image: -1, activation: 2, position: 41, place: { unit: [1, 2], box: [-1, -2, 3, 4] } },
    ])
    for (const statistic of ofNumbers) expect(recorded.of(statistic, 0)).toBeNull()
    for (const statistic of ofImages) expect(recorded.of(statistic, 0)).toEqual([])
    expect(recorded.classesOfTop).toBeUndefined()
  })
})

describe('a results file that is not as it should be', () => {
  it.each<[string, (file: Json) => void, string]>([
    ['no format', (file) => delete file['format'], 'format is missing'],
    [
      'another format',
      (file) => Object.assign(file, { format: 'other' }),
      'format is "other", not "urpatch-results"',
    ],
    ['no version', (file) => delete file['version'], 'version is missing'],
    ['no model', (file) => delete file['model'], 'model is missing'],
    ['a model without a name', (file) => delete file['model']!['name'], 'model.name is missing'],
    [
      'an input of two sides',
      (file) => Object.assign(file['model']!, { inputShape: [96, 96] }),
      'model.inputShape is [96,96], not 3 whole numbers',
    ],
    ['layers that are no list', (file) => Object.assign(file, { layers: 5 }), 'layers is 5, not a list'],
    [
      'a layer that is none',
      (file) => Object.assign(file['layers']!, { 1: null }),
      'layers[1] is null, not an object',
    ],
    [
      'a setting that does not exist',
      (file) => Object.assign(file['preprocessing']!, { fit: 'squeeze' }),
      'preprocessing.fit is not one there is: The setting fit=squeeze does not exist. Allowed: stretch, crop, fastai-crop, resize-crop, pad, letterbox.',
    ],
    ['k of nothing', (file) => Object.assign(file, { k: 0 }), 'k is 0, not a whole number from 1 to 255'],
    [
      'two layers of one name',
      (file) => Object.assign(file['layers']![1]!, { name: 'conv' }),
      'layers[1].name is "conv", which is there already',
    ],
    [
      'more channels than its shape says',
      (file) => Object.assign(file['layers']![0]!, { shape: [4, 3, 4] }),
      'layers[0] has 5 channels, but its shape says 4',
    ],
    [
      'as many channels as no machine holds',
      (file) => Object.assign(file['layers']![0]!, { shape: [4, 3, 1e15] }),
      'layers[0].shape[2] is 1000000000000000, not a whole number from 1 to 16,777,216',
    ],
    [
      'a unit outside of its layer',
      (file) => Object.assign(file['layers']![0]!, { shape: [1, 1, 5] }),
      'layers[0] has a unit',
    ],
    [
      'channels in another order',
      (file) =>
        Object.assign(file['layers']![0]!, { channels: file['layers']![0]!['channels']!.toReversed() }),
      'layers[0].channels[0].channel is 4, not 0',
    ],
    [
      'a channel that is a number',
      (file) => Object.assign(file['layers']![0]!['channels']!, { 2: 0 }),
      'layers[0].channels[2] is no object',
    ],
    [
      'a box of three numbers',
      (file) => Object.assign(file['layers']![0]!['channels']![0]!['top']![2]!, { box: [1, 2, 3] }),
      'layers[0].channels[0].top[2].box is [1,2,3], not 4 whole numbers',
    ],
    [
      'a box that ends before it begins',
      (file) => Object.assign(file['layers']![0]!['channels']![0]!['top']![2]!, { box: [9, 2, 3, 8] }),
      'layers[0].channels[0].top[2].box is [9,2,3,8], which ends before it begins',
    ],
    [
      'an unsorted top',
      (file) => {
        const channel = file['layers']![1]!['channels']![0]!
        Object.assign(channel, { top: channel['top']!.toReversed() })
      },
      'layers[1].channels[0].top[1].activation is',
    ],
    [
      'NaN',
      (file) => Object.assign(file['layers']![0]!['channels']![2]!['top']![1]!, { activation: Number.NaN }),
      'layers[0].channels[2].top[1].activation is null, not a number',
    ],
    [
      'a count below zero',
      (file) => Object.assign(file['layers']![0]!['channels']![1]!['statistics']!, { images: -1 }),
      'layers[0].channels[1].statistics.images is -1, not a whole number from 0',
    ],
    [
      'a histogram of endless bins',
      (file) =>
        Object.assign(file['layers']![0]!['channels']![1]!['statistics']!['histogram']!, {
          positive: [[1e9, 3]],
        }),
      'layers[0].channels[1].statistics.histogram.positive[0] has bins outside of -192 to 1023',
    ],
    [
      'a map in another grid',
      (file) =>
        Object.assign(file['layers']![0]!['channels']![1]!['statistics']!, {
          where: [
            [1, 2],
            [3, 4],
          ],
        }),
      'layers[0].channels[1].statistics.where is not of 4×3 counts, as its shape says',
    ],
    [
      'a class without a name',
      (file) => delete file['layers']![0]!['channels']![0]!['classes']![1]!['class'],
      'layers[0].channels[0].classes[1].class is missing',
    ],
  ])('%s is told with the key', (_, change, problem) => {
    expect(problemOf(changed(change))).toContain(`a.urpatch.json cannot be shown: ${problem}`)
  })

  it('that is newer is told by its version, whatever else is new in it', () => {
    const newer = changed((file) => {
      Object.assign(file, { version: 2, layers: [{ channels: [{ boxes: [] }] }] })
    })
    expect(problemOf(newer)).toContain('a.urpatch.json comes from a newer Urpatch: its version is 2')
  })

  it('that ends in the middle is told to be cut off', () => {
    const text = resultsFile()
    expect(problemOf(text.slice(0, 5000))).toContain('is cut off after 5,0')
    expect(problemOf(text.slice(0, -1))).toContain('is cut off after')
  })

  it('that is no JSON is told where', () => {
    expect(problemOf(resultsFile().replace('"conv"', 'conv'))).toContain('it is not valid JSON')
    expect(problemOf(resultsFile().replace('"unit":[', '"unit":[NaN,'))).toMatch(
      /layers\[0\]\.channels\[0\] is not valid JSON/,
    )
    expect(problemOf(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toContain('it is no text in UTF-8')
    expect(problemOf('{"format":"urpatch-results"}{}')).toContain('it is not valid JSON')
    expect(problemOf('[]')).toContain('it is no JSON object')
    expect(problemOf('<!doctype html> {')).toContain('it is no JSON object')
    expect(problemOf('')).toContain('it is no JSON object')
  })

  it('that says something twice is not half believed', () => {
    const text = resultsFile()
    expect(problemOf(text.replace(/\}$/, ',"layers":[]}'))).toContain('layers is there twice')
  })

  it('takes __proto__ and constructor for names as good as others', () => {
    const text = resultsFile()
      .replaceAll('"conv"', '"__proto__"')
      .replaceAll('"cat"', '"constructor"')
      .replaceAll('"image":"dog/1.png"', '"__proto__":{"image":5},"image":"__proto__"')
      .replace('{"format"', '{"__proto__":{"layers":[]},"format"')
    const file = read(text)
    expect(file.layers[0]!.name).toBe('__proto__')
    expect(file.classNames).toContain('constructor')
    expect(Object.getPrototypeOf(file.head)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['layers']).toBeUndefined()
  })
})

/** Makes one random change to a value anywhere in the file, or to its text. */
function mutated(text: string, random: Random): string {
  if (random.next() < 0.3) {
    const at = random.int(0, text.length - 1)
    const cut = random.pick([0, 1, 7, 500])
    return (
      text.slice(0, at) +
      random.pick(['', '{', ']', '"', ',', ':', '\\', '\0', 'NaN', '-']) +
      text.slice(at + cut)
    )
  }
  const file = JSON.parse(text) as Record<string, unknown>
  let at: Record<string, unknown> = file
  for (;;) {
    const keys = Object.keys(at)
    if (keys.length === 0) break
    const key = random.pick(keys)
    const next = at[key]
    if (typeof next === 'object' && next !== null && random.next() < 0.85) {
      at = next as Record<string, unknown>
      continue
    }
    if (random.next() < 0.2) delete at[key]
    else
      at[key] = random.pick<unknown>([
        null,
        -1,
        0.5,
        1e308,
        2 ** 40,
        '',
        '__proto__',
        [],
        {},
        [[]],
        true,
        'x'.repeat(1000),
        [1, 2, 3, 4, 5],
      ])
    break
  }
  return JSON.stringify(file)
}

it('whatever becomes of it, it opens or is told in one sentence', { timeout: 120_000 }, () => {
  const random = seeded(14)
  const text = resultsFile(resultsParts(4))
  let told = 0
  for (let i = 0; i < 500; i++) {
    const file = mutated(text, random)
    let results: RecordedResults | null = null
    try {
      results = read(file, random.pick([64, 4096]))
    } catch (error) {
      expect(error, file).toBeInstanceOf(AppError)
      expect((error as AppError).message).toMatch(/a\.urpatch\.json .*\.$/s)
      told++
    }
    for (const layer of results?.layers ?? []) {
      const images = Int32Array.from(results!.paths.keys())
      const classes = Int32Array.from(results!.classNames.keys())
      const result = new RecordedResult(layer, { images, classes }, 1)
      for (let channel = 0; channel < result.channels; channel++) {
        result.top(channel, 9)
        for (const statistic of statistics) result.of(statistic, channel)
        result.highest(channel)
      }
    }
  }
  expect(told).toBeGreaterThan(200)
})
