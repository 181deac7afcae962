import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../src/core/errors.ts'
import { everything, type Selection, selectImages } from '../../../../src/core/images/selection.ts'
import { mergeOf } from '../../../../src/core/results/snapshot/mergeSnapshots.ts'
import type { LayerLosses } from '../../../../src/core/reasons/lossRanking.ts'
import type { SnapshotFile } from '../../../../src/core/results/snapshot/snapshotFile.ts'
import { resultsOfSnapshot } from '../../../../src/core/results/snapshot/snapshotText.ts'
import type { SnapshotParts } from '../../../../src/core/results/snapshot/snapshotParts.ts'
import { LayerResult } from '../../../../src/core/scan/layerResult.ts'
import { lossesOf } from '../../../fixtures/losses.ts'
import { seeded } from '../../../fixtures/random.ts'
import {
  encode,
  joined,
  opened,
  resultsOfParts,
  scannedParts,
  snapshotBytes,
  table,
} from '../../../fixtures/snapshots.ts'

async function merged(files: readonly SnapshotFile[], partial = false): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  const start = await mergeOf(files, { out: 'all.urpatch', partial }).write(encode, (bytes) =>
    pieces.push(bytes.slice()),
  )
  return joined([start, ...pieces])
}

function shards(of: number, selection: Selection = everything): Promise<SnapshotFile[]> {
  return Promise.all(
    Array.from({ length: of }, (_, i) => {
      const part = { ...selection, shard: [i + 1, of] as const }
      return opened(snapshotBytes(scannedParts({ selection: part, batch: 5 + i })), `${i + 1}.urpatch`)
    }),
  )
}

/** The sentence by which two files are refused. */
async function refusal(change: (parts: SnapshotParts) => SnapshotParts, selection = everything) {
  const first = await opened(snapshotBytes(scannedParts({ selection: { ...selection, shard: [1, 2] } })))
  const other = { selection: { ...selection, shard: [2, 2] as const }, change }
  const second = await opened(snapshotBytes(scannedParts(other)), 'b.urpatch')
  return sentenceOf(() => mergeOf([first, second], { out: 'all.urpatch', partial: false }))
}

function sentenceOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    return (error as AppError).message
  }
  return ''
}

const choices: Record<string, Selection> = {
  'all images': everything,
  'some classes': { ...everything, classes: ['dog', '猫'] },
  'a random sample': { ...everything, sample: { random: 50, seed: 7 } },
  'the first ones': { ...everything, classes: ['cat'], sample: { first: 20 } },
}

describe('merged snapshots', () => {
  describe.each(Object.entries(choices))('of %s', (_, selection) => {
    it.each([1, 2, 3, 20])('of %d shards are those of one pass, to the bit', async (count) => {
      const once = scannedParts({ selection })
      const files = await shards(count, selection)
      const random = seeded(count)
      const bytes = await merged(random.shuffled(files))
      if (count > 1) expect(bytes).toEqual(snapshotBytes(once))
      let text = ''
      for await (const piece of resultsOfSnapshot(await opened(bytes))) text += piece
      expect(text).toBe(resultsOfParts(once))
    })
  })

  it('may be merged in steps', async () => {
    const [a, b, c] = (await shards(3)) as [SnapshotFile, SnapshotFile, SnapshotFile]
    const two = await opened(await merged([c, a], true), 'two.urpatch')
    expect(await merged([b, two])).toEqual(snapshotBytes(scannedParts()))
  })

  describe('of which some know what is lost without channels', () => {
    const losses = lossesOf(5)
    const parts = (shard: readonly [number, number] | undefined, own: LayerLosses | null): SnapshotParts =>
      scannedParts({
        selection: shard ? { ...everything, shard } : everything,
        change: (all) => ({ ...all, losses: new Map(own ? [['conv', own]] : []) }),
      })
    const two = (first: LayerLosses | null, second: LayerLosses | null): Promise<SnapshotFile[]> =>
      Promise.all([opened(snapshotBytes(parts([1, 2], first))), opened(snapshotBytes(parts([2, 2], second)))])

    it.each([
      ['all', losses, losses],
      ['the first', losses, null],
      ['the last', null, losses],
    ])('know it too if %s did and none differs', async (_, first, second) => {
      const files = await two(first, second)
      expect(mergeOf(files, { out: 'all.urpatch', partial: false }).unlikeLosses).toEqual([])
      const bytes = await merged(files)
      const once = parts(undefined, losses)
      expect(bytes).toEqual(snapshotBytes(once))
      const file = await opened(bytes)
      expect((await file.layer(0)).facts.losses).toEqual(losses)
      expect((await file.layer(1)).facts).not.toHaveProperty('losses')
      let text = ''
      for await (const piece of resultsOfSnapshot(file)) text += piece
      expect(text).toBe(resultsOfParts(once))
    })

    it('do not if they differ, by name', async () => {
      const other = { ...losses, loss: losses.loss.map((loss, c) => (c === 4 ? loss + 1e-9 : loss)) }
      const files = await two(losses, other)
      expect(mergeOf(files, { out: 'all.urpatch', partial: false }).unlikeLosses).toEqual(['conv'])
      expect(await merged(files)).toEqual(snapshotBytes(parts(undefined, null)))
    })
  })

  it('of which one is not finished are refused, or told to be partial', async () => {
    const [a, b, whole] = (await shards(3)) as [SnapshotFile, SnapshotFile, SnapshotFile]
    const third = { ...everything, shard: [3, 3] as const }
    const some = Int32Array.from(selectImages(table, third)).slice(0, 10)
    const c = await opened(snapshotBytes(scannedParts({ selection: third, order: some })), 'c.urpatch')
    expect(sentenceOf(() => mergeOf([a, b, c], { out: 'all.urpatch', partial: false }))).toBe(
      'all.urpatch would lack 33 of the 131 chosen images, as these are not finished: c.urpatch. Scan the rest first (with --resume a scan goes on), or give --partial to merge what there is.',
    )
    expect(sentenceOf(() => mergeOf([a, b], { out: 'all.urpatch', partial: false }))).toMatch(
      /^all\.urpatch would lack 43 of the 131 chosen images\. Scan/,
    )
    // The last shard has one image less than the first.
    expect(sentenceOf(() => mergeOf([a, whole], { out: 'all.urpatch', partial: false }))).toMatch(
      /^all\.urpatch would lack 44 of the 131 chosen images\. Scan/,
    )
    expect(mergeOf([a, b, c], { out: 'all.urpatch', partial: true }).missing).toBe(33)
    expect((await opened(await merged([a, b, c], true))).layers[0]!.scanned).toBe(98)
  })
})

describe('snapshots that are not parts of one scan', () => {
  it('are refused if they have seen the same images', async () => {
    const [a] = (await shards(3)) as [SnapshotFile]
    const b = await opened(snapshotBytes(scannedParts({ order: Int32Array.of(5, 3, 9) })), 'b.urpatch')
    expect(sentenceOf(() => mergeOf([a, b], { out: 'all', partial: true }))).toBe(
      `b.urpatch and 1.urpatch have seen the same images: 2, as ${table.paths[3]}. Each image may be in one of them only.`,
    )
  })

  const facts = (change: Partial<SnapshotParts['facts']>) => (parts: SnapshotParts) => ({
    ...parts,
    facts: { ...parts.facts, ...change },
  })
  const { facts: known } = scannedParts()
  const refused: readonly (readonly [string, (parts: SnapshotParts) => SnapshotParts, string])[] = [
    [
      'another model',
      facts({ model: { ...known.model, name: 'other.h5', sha256: 'b' } }),
      'it is of another model (other.h5 has another content than animals.h5)',
    ],
    [
      'another input size',
      facts({ model: { ...known.model, inputShape: [9, 6, 3] } }),
      'its model has an input of 9×6×3 and not of 8×6×3',
    ],
    [
      'other images',
      facts({ images: { ...known.images, name: 'others', digest: 'e' } }),
      'it is of other images (others has other paths or classes than photos)',
    ],
    [
      'images of other sizes',
      facts({ images: { ...known.images, fingerprint: 'e' } }),
      'an image of photos has another size',
    ],
    [
      'another preprocessing',
      facts({ preprocessing: { ...known.preprocessing, fit: 'crop' } }),
      'its preprocessing is another one (fit=crop)',
    ],
    ['another k', facts({ k: 4 }), 'it shows 4 patches a channel and not 5'],
    ['another backend', facts({ backend: 'webgl' }), 'it was computed by webgl and not by wasm'],
    [
      'other classes',
      (parts) => ({ ...parts, selection: { ...parts.selection, classes: ['cat'] } }),
      'other classes or splits were chosen for it',
    ],
    [
      'fewer layers',
      (parts) => ({ ...parts, results: new Map([['conv', parts.results.get('conv')!]]) }),
      'it lacks the layer global',
    ],
    [
      'another number of kept patches',
      (parts) => ({ ...parts, results: new Map([...parts.results, ['global', new LayerResult(5, 1, 9)]]) }),
      'its layers have other shapes, keep another number of patches',
    ],
    [
      'another sample',
      (parts) => {
        const sample = { first: 99 } as const
        const coverage = [...parts.coverage].map(([name, { images }]) => [name, { images, sample }] as const)
        // Layers that were scanned together share the object.
        const [[, one]] = coverage as [[string, (typeof coverage)[number][1]]]
        return { ...parts, coverage: new Map(coverage.map(([name]) => [name, one])) }
      },
      'another sample of the images was chosen for it',
    ],
  ]
  it.each(refused)('are refused because of %s', async (_, change, what) => {
    const told = await refusal(change)
    expect(told).toContain(`b.urpatch does not go together with a.urpatch: ${what}`)
  })
})
