import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../src/core/errors.ts'
import { everything } from '../../../../src/core/images/selection.ts'
import { UnitBoxes } from '../../../../src/core/model/receptiveField.ts'
import { PlacesOfFile } from '../../../../src/core/results/snapshot/places.ts'
import { SnapshotFile } from '../../../../src/core/results/snapshot/snapshotFile.ts'
import { preambleBytes } from '../../../../src/core/results/snapshot/snapshotHead.ts'
import type { SnapshotParts } from '../../../../src/core/results/snapshot/snapshotParts.ts'
import { SnapshotWriter } from '../../../../src/core/results/snapshot/snapshotWriter.ts'
import { classesOf, resultOfLayer } from '../../../../src/core/results/snapshot/snapshotResult.ts'
import { resultsOfSnapshot } from '../../../../src/core/results/snapshot/snapshotText.ts'
import { lossRecord } from '../../../../src/core/reasons/lossRecord.ts'
import { statistics } from '../../../../src/core/scan/statistics/index.ts'
import { lossesOf } from '../../../fixtures/losses.ts'
import { seeded } from '../../../fixtures/random.ts'
import {
  bytesOf,
  encode,
  headOf,
  joined,
  type Json,
  network,
  opened,
  resultsOfParts,
  scannedParts,
  snapshotBytes,
  table,
  withHead,
} from '../../../fixtures/snapshots.ts'

/** The bytes of a snapshot whose JSON was changed. */
function changed(change: (head: Json) => void, bytes = snapshotBytes()): Uint8Array {
  const { start, head } = headOf(bytes)
  change(head)
  return withHead(bytes.slice(0, start), JSON.stringify(head))
}

/** The bytes of a snapshot in which one number of an array was changed; `array` finds the array in the JSON. */
function poked(array: (layer: Json) => unknown, at: number, value: number): Uint8Array {
  const bytes = snapshotBytes()
  const place = array(headOf(bytes).head['layers']![0]!) as { array: string; start: number }
  const view = new DataView(bytes.buffer)
  if (place.array === 'int32') view.setInt32(place.start + 4 * at, value, true)
  else if (place.array === 'uint8') view.setUint8(place.start + at, value)
  else if (place.array === 'uint16') view.setUint16(place.start + 2 * at, value, true)
  else if (place.array === 'uint32') view.setUint32(place.start + 4 * at, value, true)
  else view.setFloat64(place.start + 8 * at, value, true)
  return bytes
}

/** The one sentence that reading all of a file ends with. */
async function problemOf(bytes: Uint8Array): Promise<string> {
  try {
    const file = await opened(bytes)
    for await (const piece of resultsOfSnapshot(file)) void piece
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    return (error as AppError).message
  }
  return 'it was read'
}

async function text(file: SnapshotFile): Promise<string> {
  let all = ''
  for await (const piece of resultsOfSnapshot(file)) all += piece
  return all
}

describe('a snapshot', () => {
  it('reads as it was written', async () => {
    const parts = scannedParts()
    const file = await opened(snapshotBytes(parts))
    expect(file.facts).toMatchObject({
      ...parts.facts,
      images: { ...parts.facts.images, count: 131, classNames: ['cat', 'dog', '猫'], index: null },
      selection: { classes: null, splits: null, shard: null },
    })
    expect(file.layers.map(({ name, shape, kept, scanned }) => ({ name, shape, kept, scanned }))).toEqual([
      { name: 'conv', shape: [4, 3, 5], kept: 6, scanned: 131 },
      { name: 'global', shape: [5], kept: 6, scanned: 131 },
    ])
    expect(file.images.paths).toEqual(table.paths)
    expect(file.images.skipped).toEqual(parts.skipped)
    for (const [at, { name }] of file.layers.entries()) {
      const { facts, snapshot } = await file.layer(at)
      const before = parts.results.get(name)!
      expect(Object.keys(snapshot.statistics)).toEqual(
        statistics.filter(({ counted }) => counted).map(({ id }) => id),
      )
      expect(snapshot).toEqual(before.snapshot())
      const index = network.layers.findIndex((layer) => layer.name === name)
      const [boxes, places] = [new UnitBoxes(network, index), new PlacesOfFile(facts.places)]
      const [rows, columns] = facts.shape.length === 3 ? (facts.shape as number[]) : [1, 1]
      for (let row = 0; row < rows!; row++)
        for (let column = 0; column < columns!; column++) {
          expect(places.box(row, column)).toEqual(boxes.box(row, column))
          expect(places.seat(row, column)).toEqual(boxes.seat(row, column))
        }
    }
  })

  it('is the same file again when it is read and written, of any images, in any order and batches', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seeded(seed)
      const some = random.shuffled([...table.paths.keys()]).slice(0, random.int(1, table.paths.length))
      const once = snapshotBytes(scannedParts({ order: Int32Array.from(some) }))
      const again = snapshotBytes(
        scannedParts({ order: Int32Array.from(random.shuffled(some)), batch: random.int(1, 40) }),
      )
      expect(again).toEqual(once)
      const file = await opened(once)
      const pieces: Uint8Array[] = []
      const writer = new SnapshotWriter(file, encode, (bytes) => pieces.push(bytes.slice()))
      for (const at of file.layers.keys()) {
        const { facts, snapshot } = await file.layer(at)
        writer.layer(facts, resultOfLayer(facts, snapshot, classesOf(file.facts)).snapshot())
      }
      expect(joined([writer.end(), ...pieces])).toEqual(once)
    }
  })

  it('gives the results file that the scan itself gives', async () => {
    const parts = scannedParts()
    expect(await text(await opened(snapshotBytes(parts)))).toBe(resultsOfParts(parts))
  })

  it('holds the paths of those images only that have been through', async () => {
    const order = Int32Array.of(4, 130, 77)
    const parts = scannedParts({ order })
    const file = await opened(snapshotBytes(parts))
    expect([...file.images.numbers]).toEqual([4, 77, 130])
    expect(file.images.paths).toEqual([4, 77, 130].map((image) => table.paths[image]))
    expect(await text(file)).toBe(resultsOfParts(parts))
  })

  it('holds layers that were not scanned together', async () => {
    const some = scannedParts({ selection: { ...everything, sample: { first: 40 } } })
    const parts = scannedParts({
      change: (all) => ({
        ...all,
        results: new Map([...all.results, ['conv', some.results.get('conv')!]]),
        coverage: new Map([...all.coverage, ['conv', some.coverage.get('conv')!]]),
      }),
    })
    const file = await opened(snapshotBytes(parts))
    expect(file.scans.map(({ sample, chosen, images }) => [sample, chosen, images.length])).toEqual([
      [{ first: 40 }, 40, 40],
      ['all', 131, 131],
    ])
    expect(file.layers.map(({ scan }) => scan)).toEqual([0, 1])
    expect(await text(file)).toBe(resultsOfParts(parts))
  })

  it('is read layer by layer', async () => {
    const bytes = snapshotBytes()
    const reads: [number, number][] = []
    const file = await SnapshotFile.open(bytesOf(bytes, 'a', reads))
    const [first, second] = headOf(bytes).head['layers'] as unknown as { range: [number, number] }[]
    reads.length = 0
    await file.layer(1)
    expect(reads).toEqual([second!.range])
    expect(first!.range[1]).toBe(second!.range[0])
  })

  it('leaves out statistics of another version, and those that it does not know', async () => {
    const file = await opened(
      changed(({ layers }) => {
        const ofFirst = layers![0]!['result']!['statistics'] as unknown as Record<string, object>
        ofFirst['activity'] = { version: 99, sums: 'other' }
        ofFirst['future'] = { version: 1, sums: { a: 1 } }
      }),
    )
    const { snapshot } = await file.layer(0)
    expect(Object.keys(snapshot.statistics)).not.toContain('activity')
    expect(Object.keys(snapshot.statistics)).not.toContain('future')
    expect(Object.keys(snapshot.statistics)).toContain('histogram')
  })
})

describe('a file that is no whole snapshot', () => {
  it('says where it is cut off, wherever that is', async () => {
    const bytes = snapshotBytes()
    for (const length of [0, 5, 31, 32, 100, bytes.length >> 1, bytes.length - 1])
      expect(await problemOf(bytes.slice(0, length))).toBe(
        `a.urpatch is cut off after ${length.toLocaleString('en')} bytes. Copy or download it again, or export the results again.`,
      )
  })

  it('says what it is not', async () => {
    expect(await problemOf(encode('{"format":"urpatch-results"}'))).toMatch(
      /^a\.urpatch is no whole snapshot: its first/,
    )
    const longer = joined([snapshotBytes(), new Uint8Array(1)])
    expect(await problemOf(longer)).toMatch(/its parts do not lie where/)
    const { start } = headOf(snapshotBytes())
    expect(await problemOf(withHead(snapshotBytes().slice(0, start), '{"a":'))).toMatch(
      /its JSON cannot be read/,
    )
  })

  it('names a version that is newer', async () => {
    const bytes = snapshotBytes()
    new DataView(bytes.buffer).setUint32(8, 2, true)
    const newer = 'a.urpatch comes from a newer Urpatch: its version is 2'
    expect(await problemOf(bytes)).toContain(newer)
    expect(await problemOf(changed((head) => Object.assign(head, { version: 2 })))).toContain(newer)
  })

  const first = (head: Json): Json => head['layers']![0]!
  const heads: readonly (readonly [string, (head: Json) => void, string])[] = [
    ['another format', (head) => Object.assign(head, { format: 'x' }), 'format is not "urpatch-snapshot"'],
    ['a missing key', (head) => delete head['model'], 'model is missing'],
    ['an unknown backend', (head) => Object.assign(head, { backend: 'auto' }), 'backend is none of webgl'],
    [
      'more images than can be',
      (head) => Object.assign(head['images']!, { count: 2 ** 40 }),
      'images.count is',
    ],
    [
      'an image beyond the set',
      (head) => Object.assign(head['images']!, { count: 4 }),
      'images.numbers[4] is 4',
    ],
    [
      'a huge array',
      (head) => Object.assign(head['images']!['paths']!, { length: 2 ** 31 - 1 }),
      'images.paths lies elsewhere',
    ],
    [
      'an array elsewhere',
      (head) => Object.assign(head['images']!['classes']!, { start: 2 ** 50 }),
      'images.classes lies elsewhere',
    ],
    [
      'an array at an odd place',
      (head) => Object.assign(head['images']!['classes']!, { start: 33 }),
      'images.classes lies elsewhere',
    ],
    [
      'an array of a type from the prototype',
      (head) => Object.assign(head['images']!['classes']!, { array: 'constructor' }),
      'images.classes.array is of an unknown type',
    ],
    [
      'a range beyond the end',
      (head) => Object.assign(head, { range: [preambleBytes, 2 ** 30] }),
      'range lies outside',
    ],
    [
      'a layer beyond the end',
      (head) => Object.assign(first(head), { range: [0, 2 ** 30] }),
      'layers[0].range lies outside',
    ],
    [
      'a layer twice',
      (head) => Object.assign(first(head), { name: 'global' }),
      'layers[1].name is there twice',
    ],
    [
      'a scan that is not there',
      (head) => Object.assign(first(head), { scan: 3 }),
      'layers[0].scan is 3, of 1',
    ],
    [
      'a huge map',
      (head) => Object.assign(first(head), { shape: [2 ** 24, 2 ** 24, 5] }),
      'layers[0].shape has 16777216×16777216 units',
    ],
    [
      'a huge number of channels',
      (head) => Object.assign(first(head), { shape: [4, 3, 2 ** 24] }),
      'layers[0].result.topK.rows has 90 numbers, not 301,989,888',
    ],
    [
      'another kept number',
      (head) => Object.assign(first(head), { kept: 255 }),
      'layers[0].result.topK.rows has 90 numbers',
    ],
    [
      'more scanned than chosen',
      (head) => Object.assign(first(head)['result']!, { scanned: 132 }),
      'layers[0].result.scanned is 132',
    ],
    [
      'results that are none',
      (head) => Object.assign(first(head), { result: 'x' }),
      'layers[0].result.scanned',
    ],
    [
      'sums of another type',
      (head) => Object.assign(first(head)['result']!['statistics']!['histogram']!, { sums: null }),
      'layers[0].result.statistics.histogram is null',
    ],
    [
      'a class beyond the list',
      (head) => Object.assign(head['images']!, { classNames: [] }),
      'images.classes[0] is 0, not a class below 0',
    ],
    [
      'a shard that is none',
      (head) => Object.assign(head['selection']!, { shard: [4, 3] }),
      'selection.shard is part 4 of 3',
    ],
    [
      'losses of another number of channels',
      (head) => Object.assign(first(head), { ablation: lossRecord(lossesOf(4)) }),
      'layers[0].ablation.loss has 4 numbers, not 5',
    ],
    [
      'a skipped image that is not there',
      (head) => Object.assign(head['images']!, { skipped: [{ image: 999, reason: 'x' }] }),
      'images.skipped has image 999',
    ],
  ]
  it.each(heads)('because of %s, says so', async (_, change, problem) => {
    expect(await problemOf(changed(change))).toContain(problem)
  })

  const arrays: readonly (readonly [string, (layer: Json) => unknown, number, number, string])[] = [
    [
      'an image that has not been through',
      (l) => l['result']!['topK']!['rows'],
      6,
      131,
      'topK.rows[6] is image 131',
    ],
    [
      'a unit that is not there',
      (l) => l['result']!['topK']!['rows'],
      12,
      12,
      'topK.rows[12] is unit 12 of 12',
    ],
    [
      'an activation that is NaN',
      (l) => l['result']!['topK']!['rows'],
      0,
      0x7fc00000,
      'topK.rows[0] is no activation',
    ],
    ['more patches than there are', (l) => l['result']!['topK']!['counts'], 0, 7, 'topK.counts[0] is 7'],
    [
      'a sum that no numbers have',
      (l) => l['result']!['statistics']!['maxima']!['sums']!['columns']![0],
      0,
      NaN,
      'statistics.maxima.columns[0][0] is NaN',
    ],
    [
      'a fraction of a unit',
      (l) => l['result']!['statistics']!['classes']!['sums']!['sums']!['columns']!.at(-1),
      0,
      2 ** -149,
      'statistics.classes.sums.columns',
    ],
    [
      'places that do not ascend',
      (l) => l['result']!['statistics']!['histogram']!['sums']!['octaves']!['places'],
      0,
      600,
      'octaves.places[0] is 600',
    ],
    [
      'a sampled image twice',
      (l) => l['result']!['statistics']!['sampled']!['sums']!['images'],
      0,
      1,
      'statistics.sampled.images has 131 images',
    ],
    [
      'a sampled unit that is not there',
      (l) => l['result']!['statistics']!['quantiles']!['sums']!['positions'],
      0,
      99,
      'quantiles.positions[0] is 99',
    ],
    ['a box that ends before it begins', (l) => l['places']!['rows'], 1, -9, 'places.rows[0] ends before'],
  ]
  it.each(arrays)('because of %s, says so', async (_, array, at, value, problem) => {
    expect(await problemOf(poked(array, at, value))).toContain(problem)
  })

  it('is not led astray by keys of the prototype', async () => {
    const { start, head } = headOf(snapshotBytes())
    const json = JSON.stringify(head).replace(
      '{',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":2},',
    )
    const file = await opened(withHead(snapshotBytes().slice(0, start), json))
    expect(file.layers).toHaveLength(2)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    const nested = JSON.stringify(head).replace('"result":{', '"result":{"__proto__":{"scanned":1},')
    expect(await problemOf(withHead(snapshotBytes().slice(0, start), nested))).toBe('it was read')
  })

  it('of any damage says one sentence or gives numbers, and never fails otherwise', async () => {
    const random = seeded(7)
    const whole = snapshotBytes()
    for (let i = 0; i < 300; i++) {
      const bytes = whole.slice()
      for (let n = random.int(1, 4); n > 0; n--) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255)
      expect(await problemOf(bytes)).toMatch(/./)
    }
  })

  it('keeps names as they are, whatever they look like', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const parts: SnapshotParts = scannedParts({
      change: (all) => ({ ...all, facts: { ...all.facts, model: { ...all.facts.model, name } } }),
    })
    expect((await opened(snapshotBytes(parts))).facts.model.name).toBe(name)
  })
})
