/**
 * The arrays for NumPy have what the results file has, to the bit: the arrays that are expected are made of the results file's
 * text, value by value. `tests/state/exports/arrays.py` compares the two in Python, if `URPATCH_PYTHON` has NumPy.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ChannelRecord } from '../../../src/core/results/channelRecord.ts'
import type { LayerRecord, ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import type { HistogramRecord } from '../../../src/core/scan/statistics/histogram.ts'
import type { PatchRecord } from '../../../src/core/scan/statistics/patchRecord.ts'
import { arraysExporter } from '../../../src/state/exports/exportArrays.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { keepLosses } from '../../../src/state/reasons/keptLosses.ts'
import { aloneOf, besideOf } from '../../../src/state/selectors/shown.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import {
  folderOf,
  imagePaths,
  modelFile,
  readyApp,
  settled,
  sourceOf,
  testApp,
} from '../../fixtures/fakeWorkers.ts'
import { growingChannels, savedWhileGrowing } from '../../fixtures/growing.ts'
import { type ReadArray, readNpz } from '../../fixtures/npz.ts'
import { seeded } from '../../fixtures/random.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

const count = 40
const channels = 4

/** The channels: one is alive and once infinite, one below 0, one dead, one has NaN everywhere but in three images. */
function resultOf(images: number, classOf: Int32Array, seed: number): LayerResult {
  const random = seeded(seed)
  const result = new LayerResult(channels, 12, 25, { count: 2, of: classOf }, 3)
  const max = Array.from({ length: images }, (_, image) => [
    image === 5 ? Infinity : random.next() * 100,
    -random.next(),
    0.1,
    image < 3 ? 7 : -Infinity,
  ]).flat()
  result.absorb(
    summary(channels, max, {
      min: Float32Array.from(
        max,
        (value, i) => [value - 1, value - 1, value, value > 0 ? 1 : Infinity][i % 4]!,
      ),
      nan: Uint8Array.from(max, (value) => (value === -Infinity ? 1 : 0)),
      position: Uint32Array.from(max, () => random.int(0, 11)),
    }),
    firstImages(images),
  )
  return result
}

async function scannedApp(): Promise<AppStore> {
  const { store } = await readyApp({}, count)
  const { classOf } = store.getState().images!.table
  const [first, second] = [resultOf(count, classOf, 1), resultOf(20, classOf, 2)]
  keepLosses(second, {
    replacement: 'mean',
    images: 8,
    of: 8,
    yardstick: 'own',
    changed: [1, 0, 0, 2],
    judged: 8,
    right: [8, 8, 8, 8],
    rightBefore: 8,
    stability: 1,
    loss: [0.1, Number.NaN, 0, -0.25],
  })
  store.setState({ k: 30, results: new Map([['first', first]]) })
  store.setState({
    results: new Map([
      ['first', first],
      ['second', second],
    ]),
  })
  store.getState().setNote('first', 1, { name: 'an "eye", 猫' })
  return store
}

async function arraysOf(store: AppStore): Promise<{ bytes: Buffer; arrays: Map<string, ReadArray> }> {
  const [file] = await arraysExporter.make(store.getState(), store.services, exportOptions)
  const bytes = Buffer.from(await file!.blob.arrayBuffer())
  return { bytes, arrays: readNpz(bytes) }
}

async function textOf(store: AppStore): Promise<string> {
  return (await exportResults(store.getState(), store.services))!.blob.text()
}

/** An array whose last axis is that of the channels, of what one channel has of it; `missing` stands for what is not there. */
function byChannel(
  type: string,
  shape: readonly number[],
  missing: number,
  columns: readonly (readonly (number | undefined)[])[],
): ReadArray {
  const size = shape.reduce((product, one) => product * one, 1)
  const values: number[] = []
  for (let at = 0; at < size; at++) for (const column of columns) values.push(column[at] ?? missing)
  return { type, shape: [...shape, columns.length], values }
}

const largest = 3.40282347e38

/** JSON has no word for infinity, so only a scan can tell it. */
function float32(value: number, isScan: boolean): number {
  return isScan && value === largest ? Infinity : Math.fround(value)
}

const noBox = [-1, -1, -1, -1]

type Patches = readonly (PatchRecord | undefined)[]

function expectedPatches(
  prefix: string,
  ranks: readonly number[],
  columns: readonly Patches[],
  paths: readonly string[],
  isScan: boolean,
): [string, ReadArray][] {
  const whole = (of: (patch: PatchRecord) => number): ReadArray =>
    byChannel(
      '<i4',
      ranks,
      -1,
      columns.map((column) => column.map((patch) => patch && of(patch))),
    )
  const edges = (of: (patch: PatchRecord) => readonly number[] | undefined): ReadArray => {
    const size = ranks.reduce((product, one) => product * one, 1)
    const values: number[] = []
    for (let at = 0; at < size; at++)
      for (const column of columns) values.push(...(column[at] ? (of(column[at]!) ?? noBox) : noBox))
    return { type: '<i4', shape: [...ranks, columns.length, 4], values }
  }
  const activation = columns.map((column) =>
    column.map((patch) => patch && float32(patch.activation, isScan)),
  )
  const hasSeats = columns.some((column) => column.some((patch) => patch?.seat))
  return [
    [`${prefix}bb`, whole(({ image }) => paths.indexOf(image))],
    [`${prefix}ii`, whole(({ unit }) => unit[0])],
    [`${prefix}jj`, whole(({ unit }) => unit[1])],
    [`${prefix}activation`, byChannel('<f4', ranks, Number.NaN, activation)],
    [`${prefix}box`, edges(({ box }) => box)],
    ...(hasSeats ? [[`${prefix}seat`, edges(({ seat }) => seat)] as [string, ReadArray]] : []),
  ]
}

/** The edges of the bins that the record says, each with its count. */
function binsOf({
  zero,
  positive,
  negative = [],
}: HistogramRecord): { from: number; to: number; count: number }[] {
  const edge = (bin: number): number => 2 ** Math.floor(bin / 8) * (1 + (((bin % 8) + 8) % 8) / 8)
  const sized = (runs: HistogramRecord['positive']) =>
    runs.flatMap(([first, ...counts]) =>
      counts.map((one, i) => ({ from: edge(first! + i), to: edge(first! + i + 1), count: one })),
    )
  return [
    ...sized(negative).map(({ from, to, count: one }) => ({ from: -to, to: -from, count: one })),
    { from: -(2 ** -24), to: 2 ** -24, count: zero },
    ...sized(positive),
  ]
    .filter((bin) => bin.count > 0)
    .toSorted((a, b) => a.from - b.from)
}

/** What is to be there of a layer, made of what the results file says, but for the histogram. */
function expectedLayer(
  layer: LayerRecord,
  k: number,
  paths: readonly string[],
  classNames: readonly string[],
  isScan: boolean,
): Map<string, ReadArray> {
  const all = layer.channels
  const figure = (type: string, missing: number, of: (one: ChannelRecord) => number | null | undefined) =>
    byChannel(
      type,
      [],
      missing,
      all.map((one) => [of(one) ?? undefined]),
    )
  const ofClasses = (type: string, missing: number, key: 'images' | 'mean' | 'top'): ReadArray =>
    byChannel(
      type,
      [classNames.length],
      missing,
      all.map(({ classes }) => classNames.map((name) => classes?.find((one) => one.class === name)?.[key])),
    )
  const groups = all.map(({ quantiles }) => Array.from({ length: 10 }, (_, group) => quantiles[group]))
  const samples = groups.map((column) => column.flatMap((one) => [one?.samples[0], one?.samples[1]]))
  const ofGroup = (key: 'from' | 'to'): ReadArray =>
    byChannel(
      '<f4',
      [10],
      Number.NaN,
      groups.map((column) => column.map((one) => one && float32(one[key], isScan))),
    )
  return new Map<string, ReadArray>([
    ['scanned', { type: '<i8', shape: [], values: [layer.scanned] }],
    ['shape', { type: '<i8', shape: [layer.shape.length], values: layer.shape }],
    ...expectedPatches(
      '',
      [k],
      all.map(({ top }) => top),
      paths,
      isScan,
    ),
    ['dead', { type: '|b1', shape: [all.length], values: all.map(({ dead }) => dead ?? false) }],
    ...expectedPatches(
      'lowest_',
      [k],
      all.map(({ lowest }) => lowest),
      paths,
      isScan,
    ),
    ['quantiles_from', ofGroup('from')],
    ['quantiles_to', ofGroup('to')],
    ...expectedPatches('quantiles_', [10, 2], samples, paths, isScan),
    ['images', figure('<i8', -1, ({ statistics }) => statistics.images)],
    ['infinite', figure('<i8', -1, ({ statistics }) => statistics.infinite ?? 0)],
    ['mean', figure('<f8', Number.NaN, ({ statistics }) => statistics.mean)],
    ['standard_deviation', figure('<f8', Number.NaN, ({ statistics }) => statistics.standardDeviation)],
    ['active_images', figure('<i8', -1, ({ statistics }) => statistics.activeImages)],
    ['active_units', figure('<i8', -1, ({ statistics }) => statistics.activeUnits)],
    [
      'where',
      byChannel(
        '<i4',
        [4, 3],
        0,
        all.map(({ statistics }) => statistics.where?.flat() ?? []),
      ),
    ],
    ['classes_images', ofClasses('<i8', -1, 'images')],
    ['classes_mean', ofClasses('<f8', Number.NaN, 'mean')],
    ['classes_top', ofClasses('<i4', -1, 'top')],
    ...(isScan ? [['nan_images', figure('<i8', 0, ({ nanImages }) => nanImages)] as const] : []),
    ...(layer.ablation
      ? [
          [
            'loss',
            byChannel(
              '<f8',
              [],
              Number.NaN,
              layer.ablation.loss.map((one) => [one ?? undefined]),
            ),
          ] as const,
        ]
      : []),
  ])
}

function expectHistogram(layer: LayerRecord, histogram: ReadArray, edges: ReadArray): void {
  const bins = edges.values.length - 1
  expect(histogram).toMatchObject({ type: '<i4', shape: [bins, channels] })
  expect(edges).toMatchObject({ type: '<f8', shape: [bins + 1] })
  let [isFirst, isLast] = [false, false]
  for (const [channel, { statistics }] of layer.channels.entries()) {
    const own = Array.from({ length: bins }, (_, bin) => ({
      from: edges.values[bin] as number,
      to: edges.values[bin + 1] as number,
      count: histogram.values[bin * channels + channel] as number,
    }))
    expect(own.filter((bin) => bin.count > 0)).toEqual(binsOf(statistics.histogram))
    isFirst ||= own[0]!.count > 0
    isLast ||= own.at(-1)!.count > 0
  }
  expect([isFirst, isLast]).toEqual([true, true])
}

/** The arrays are those that the file of this text says, with the names of images and classes as they are in the arrays. */
function expectFile(arrays: ReadonlyMap<string, ReadArray>, file: ResultsFile, isScan: boolean): void {
  const paths = arrays.get('paths')!.values as string[]
  const classNames = arrays.get('class_names')!.values as string[]
  expect(arrays.get('layers')!.values).toEqual(file.layers.map(({ name }) => name))
  for (const layer of file.layers) {
    const own = new Map<string, ReadArray>()
    for (const [name, array] of arrays)
      if (name.startsWith(`${layer.name}/`)) own.set(name.slice(layer.name.length + 1), array)
    expectHistogram(layer, own.get('histogram')!, own.get('histogram_edges')!)
    for (const apart of ['histogram', 'histogram_edges', 'name']) own.delete(apart)
    const expected = expectedLayer(layer, file.k, paths, classNames, isScan)
    expect([...own.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [name, array] of expected) expect(own.get(name), name).toEqual(array)
  }
}

/** The results file with a seat for every other patch of the first layer. */
function withSeats(text: string): string {
  const file = JSON.parse(text) as ResultsFile
  for (const { top } of file.layers[0]!.channels)
    for (const [i, patch] of top.entries()) if (i % 2 === 0) Object.assign(patch, { seat: [1, 0, 3, 4] })
  return JSON.stringify(file)
}

describe('the arrays of a scan', () => {
  it('have all that the results file has', async () => {
    const store = await scannedApp()
    const { arrays } = await arraysOf(store)
    const file = JSON.parse(await textOf(store)) as ResultsFile
    const { table } = store.getState().images!
    expect(arrays.get('paths')!.values).toEqual(table.paths)
    expect(arrays.get('class_names')!.values).toEqual(table.classNames)
    expect(arrays.get('class_of')).toEqual({ type: '<i4', shape: [count], values: [...table.classOf] })
    expectFile(arrays, file, true)
    expect(arrays.get('first/name')!.values).toEqual(['', 'an "eye", 猫', '', ''])
    expect(arrays.has('second/name')).toBe(false)
    expect(JSON.parse(arrays.get('about')!.values[0] as string)).toEqual({
      format: 'urpatch-arrays',
      version: 1,
      model: file.model,
      images: 'photos',
      preprocessing: file.preprocessing,
      k: 30,
    })
  })

  it('have an array for every key that a channel has in the results file', async () => {
    const file = JSON.parse(await textOf(await scannedApp())) as ResultsFile
    const keys = new Set(
      file.layers.flatMap((layer) =>
        layer.channels.flatMap((one) => [...Object.keys(one), ...Object.keys(one.statistics)]),
      ),
    )
    // A key that is new here needs an array, and a line in `expectedLayer`.
    expect([...keys].toSorted()).toEqual([
      'activeImages',
      'activeUnits',
      'channel',
      'classes',
      'dead',
      'histogram',
      'images',
      'infinite',
      'lowest',
      'mean',
      'nanImages',
      'quantiles',
      'standardDeviation',
      'statistics',
      'top',
      'where',
    ])
  })

  it('are equal files if results are equal', async () => {
    const [one, other] = [await arraysOf(await scannedApp()), await arraysOf(await scannedApp())]
    expect(one.bytes.equals(other.bytes)).toBe(true)
    // No time of day; the first day that a zip knows.
    expect(one.bytes.readUInt32LE(10)).toBe(0x0021_0000)
  })

  it('are of one moment, also if the layer grows while they are made', async () => {
    const { arrays } = await savedWhileGrowing(arraysOf)
    expect(arrays.get('first/scanned')!.values).toEqual([31])
    expect(
      arrays
        .get('first/activation')!
        .values.slice(0, growingChannels)
        .every((value) => value === 1000),
    ).toBe(true)
  })
})

describe('the arrays of an opened results file', () => {
  async function opened(store: AppStore, text: string): Promise<void> {
    await store.getState().openResults(new File([text], 'results.urpatch.json'))
    for (let i = 0; i < 20; i++) await settled()
  }

  it('have all that it has, seats too', async () => {
    const text = withSeats(await textOf(await scannedApp()))
    const { store } = testApp()
    await opened(store, text)
    expect(aloneOf(store.getState())).not.toBeNull()
    const { arrays } = await arraysOf(store)
    expect(arrays.has('first/seat')).toBe(true)
    expectFile(arrays, JSON.parse(text) as ResultsFile, false)
  })

  it('name the images and classes that are not open, behind those that are', async () => {
    const text = await textOf(await scannedApp())
    const { store } = testApp()
    await store.getState().openModel([modelFile()])
    const open = imagePaths(count).filter((one, i) => one.startsWith('cat') && i % 3 > 0)
    await store.getState().openImages(sourceOf('photos', folderOf(open)))
    await opened(store, text)
    expect(besideOf(store.getState())).not.toBeNull()
    const { arrays } = await arraysOf(store)
    const paths = arrays.get('paths')!.values
    expect(paths.slice(0, open.length)).toEqual(open)
    expect(paths.length).toBeGreaterThan(open.length)
    expect(arrays.get('class_names')!.values).toEqual(['cat', 'dog'])
    expect(arrays.get('class_of')!.values).toEqual(
      paths.map((one) => Number((one as string).startsWith('dog'))),
    )
    expectFile(arrays, JSON.parse(text) as ResultsFile, false)
  })
})

const python = process.env['URPATCH_PYTHON']

describe.runIf(python)('NumPy', () => {
  it('reads the arrays, which equal the results file to the bit', async () => {
    const store = await scannedApp()
    const folder = mkdtempSync(path.join(tmpdir(), 'urpatch-arrays-'))
    try {
      const [npz, json] = ['a.npz', 'a.urpatch.json'].map((name) => path.join(folder, name)) as [
        string,
        string,
      ]
      writeFileSync(npz, (await arraysOf(store)).bytes)
      writeFileSync(json, await textOf(store))
      const script = path.join(import.meta.dirname, 'arrays.py')
      const { status, stdout, stderr } = spawnSync(python!, [script, npz, json], { encoding: 'utf8' })
      expect(status, stderr).toBe(0)
      expect(stdout).toMatch(/^2 layers, 8 channels, \d+ arrays, [1-9]\d* values compared\n$/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
