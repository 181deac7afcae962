import { describe, expect, it, vi } from 'vitest'
import { statistics } from '../../../src/core/scan/statistics/index.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { snapshotExporter } from '../../../src/state/exports/exportSnapshot.ts'
import { aloneOf, besideOf, nameOf, resultOf, tableOf } from '../../../src/state/selectors/shown.ts'
import { keepLosses, keptLosses } from '../../../src/state/reasons/keptLosses.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { lossesOf } from '../../fixtures/losses.ts'
import {
  channels,
  folderOf,
  imagePaths,
  modelFile,
  readyApp,
  settled,
  sourceOf,
  testApp,
  type TestApp,
} from '../../fixtures/fakeWorkers.ts'

const count = 40

async function snapshotOf({ store }: TestApp, name: string): Promise<File> {
  const [saved] = await snapshotExporter.make(store.getState(), store.services, exportOptions)
  return new File([saved!.blob], name)
}

async function jsonOf({ store }: TestApp): Promise<string> {
  const saved = await exportResults(store.getState(), store.services)
  return saved!.blob.text()
}

/** A scan of a part of the images, or of all. */
async function scanned(shard?: readonly [number, number]): Promise<TestApp> {
  const app = await readyApp({}, count)
  const { setSelection, run } = app.store.getState()
  setSelection({ classes: null, splits: null, sample: 'all', ...(shard ? { shard } : {}) })
  await run(['first', 'second'])
  return app
}

async function shards(of: number): Promise<File[]> {
  const parts = Array.from({ length: of }, (_, i) => [i + 1, of] as const)
  return Promise.all(parts.map(async (part, i) => snapshotOf(await scanned(part), `${i + 1}.urpatch`)))
}

function texts({ store }: TestApp): string[] {
  return store.getState().notices.map(({ text }) => text)
}

/** What the page shows of a layer, with names instead of numbers. */
function shown({ store }: TestApp, layer: string): unknown {
  const state = store.getState()
  const result = resultOf(state, layer)!
  const path = (image: number): string => nameOf(tableOf(state)?.paths, state.recorded?.paths, image)
  return Array.from({ length: channels }, (_, channel) => ({
    dead: result.isDead(channel),
    highest: result.highest(channel),
    top: result
      .top(channel, 25)
      .map(({ image, activation, position }) => [path(image), activation, position]),
    statistics: statistics.map((one) => [
      one.id,
      // Places are there only if no model is open.
      JSON.parse(
        JSON.stringify(result.of(one, channel), (key, value: unknown) => {
          if (key === 'place') return undefined
          if (key === 'image') return path(value as number)
          if (key === 'classNumber')
            return nameOf(tableOf(state)?.classNames, state.recorded?.classNames, value as number)
          if (key === 'images' && ArrayBuffer.isView(value)) return Array.from(value as Int32Array, path)
          return value
        }),
      ) as unknown,
    ]),
  }))
}

describe('a snapshot that is opened alone', () => {
  it('shows everything that the scan knows, and is saved as it is', async () => {
    const scan = await scanned()
    const file = await snapshotOf(scan, 'scan.urpatch')
    const app = testApp()
    expect(await app.store.getState().openResults(file)).toBe(true)
    const state = app.store.getState()
    expect(aloneOf(state)?.layers.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(state).toMatchObject({ layer: 'first', model: null, images: null, openingResults: null })
    for (const layer of ['first', 'second']) expect(shown(app, layer)).toEqual(shown(scan, layer))
    const saved = await snapshotOf(app, 'again')
    expect(await saved.arrayBuffer()).toEqual(await file.arrayBuffer())
    expect(await jsonOf(app)).toBe(await jsonOf(scan))
    expect(texts(app)).toEqual([])
  })

  it('shows it with its images too, also if there are others beside them', async () => {
    const scan = await scanned()
    const app = testApp()
    const { openResults, openImages } = app.store.getState()
    await openResults(await snapshotOf(scan, 'scan.urpatch'))
    await openImages(sourceOf('photos', folderOf([...imagePaths(count), 'aaa/first.png'])))
    await settled()
    expect(app.store.getState().recorded?.fittedImages).toMatchObject({ missing: [], same: false })
    expect(shown(app, 'first')).toEqual(shown(scan, 'first'))
  })
})

describe('several snapshots', () => {
  it('are merged: what they show is what one scan has found', async () => {
    const whole = await scanned()
    const [first, ...others] = await shards(3)
    const app = testApp()
    expect(await app.store.getState().openResults(first!, others)).toBe(true)
    for (const layer of ['first', 'second']) expect(shown(app, layer)).toEqual(shown(whole, layer))
    const merged = await snapshotOf(app, 'merged')
    expect(await merged.arrayBuffer()).toEqual(await (await snapshotOf(whole, 'one')).arrayBuffer())
    expect(await jsonOf(app)).toBe(await jsonOf(whole))
    expect(app.store.getState().recorded?.name).toBe('3 snapshots.urpatch')
    expect(texts(app)).toEqual([])
  })

  it('that do not have all images say so', async () => {
    const [first, second] = await shards(3)
    const app = testApp()
    await app.store.getState().openResults(first!, [second!])
    expect(texts(app)).toEqual([
      '2 snapshots.urpatch lacks 13 of the 40 chosen images. With its model and its images open, Run goes on with them.',
    ])
  })

  it('that do not go together are refused by name, and nothing else changes', async () => {
    const [first] = await shards(2)
    const app = await scanned()
    const before = shown(app, 'first')
    const again = new File([first!], 'again.urpatch')
    expect(await app.store.getState().openResults(first!, [again])).toBe(false)
    expect(texts(app)).toEqual([
      expect.stringMatching(
        /^again\.urpatch and 1\.urpatch have seen the same images: 20, as .*\. Each image may be in one of them only\.$/,
      ) as string,
    ])
    expect(shown(app, 'first')).toEqual(before)
    expect(app.store.getState().recorded).toBeNull()
  })

  it('leave files of other kinds aside, by name', async () => {
    const [first, second] = await shards(2)
    const app = testApp()
    const other = new File([await jsonOf(await scanned())], 'other.json')
    const broken = new File(['{"format":"urpatch-results"}'], 'broken.json')
    await app.store.getState().openResults(first!, [other, broken, second!])
    expect(texts(app)).toEqual([
      'The results in broken.json cannot be shown: version is missing. Export them again.',
      'One results file is shown at a time: 2 snapshots.urpatch is open, other.json is not.',
    ])
  })
})

describe('what is lost without channels', () => {
  const losses = lossesOf(channels)
  const rankedScan = async (shard?: readonly [number, number], own = losses): Promise<TestApp> => {
    const app = await scanned(shard)
    keepLosses(app.store.getState().results.get('second')!, own)
    return app
  }
  const lossesIn = ({ store }: TestApp, layer = 'second'): unknown =>
    keptLosses(resultOf(store.getState(), layer)!)

  it('is in a snapshot that is opened alone, saved again, and that a scan goes on from', async () => {
    const scan = await rankedScan()
    const file = await snapshotOf(scan, 'scan.urpatch')
    const app = testApp()
    const { store } = app
    await store.getState().openResults(file)
    expect([lossesIn(app), lossesIn(app, 'first')]).toEqual([losses, null])
    expect(await (await snapshotOf(app, 'again')).arrayBuffer()).toEqual(await file.arrayBuffer())
    expect(await jsonOf(app)).toBe(await jsonOf(scan))
    await store.getState().openModel([modelFile()])
    await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(count))))
    await vi.waitFor(() => expect(store.getState().recorded).toBeNull())
    expect([lossesIn(app), lossesIn(app, 'first')]).toEqual([losses, null])
    expect(await (await snapshotOf(app, 'a')).arrayBuffer()).toEqual(await file.arrayBuffer())
  })

  it('is left out of several that do not agree, which is told', async () => {
    const [first, second] = await Promise.all(
      [losses, { ...losses, images: 20 }].map(async (own, i) =>
        snapshotOf(await rankedScan([i + 1, 2], own), `${i + 1}.urpatch`),
      ),
    )
    const app = testApp()
    await app.store.getState().openResults(first!, [second!])
    expect(lossesIn(app)).toBe(null)
    expect(texts(app)).toEqual([
      '2 snapshots.urpatch does not say what is lost without each channel of second: the snapshots it is made of have ranked these channels by different images. Rank them again.',
    ])
  })
})

describe('a scan', () => {
  it('goes on from a snapshot as soon as its model and images are open, to the same end as one without a break', async () => {
    const whole = await scanned()
    for (const order of ['first', 'last'] as const) {
      const [first] = await shards(2)
      const app = order === 'first' ? testApp() : await readyApp({}, count)
      const { store } = app
      await store.getState().openResults(first!)
      if (order === 'first') {
        await store.getState().openModel([modelFile()])
        await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(count))))
      }
      await vi.waitFor(() => expect(store.getState().recorded).toBeNull())
      const state = store.getState()
      expect(state.results.get('first')?.scanned).toBe(20)
      expect(state.scan).toMatchObject({ status: 'done', progress: { done: 20, total: 20 } })
      expect(state.selection.shard).toEqual([1, 2])
      // The shard is done. Without it all images are chosen.
      store.getState().setSelection({ classes: null, splits: null, sample: 'all' })
      await store.getState().run(['first', 'second'])
      expect(shown(app, 'first')).toEqual(shown(whole, 'first'))
      expect(await (await snapshotOf(app, 'a')).arrayBuffer()).toEqual(
        await (await snapshotOf(whole, 'b')).arrayBuffer(),
      )
      expect(texts(app)).toEqual([])
    }
  })

  it('does not go on from one of other images, and says so', async () => {
    const file = await snapshotOf(await scanned(), 'scan.urpatch')
    const { store } = await readyApp({}, count + 1)
    await store.getState().openResults(file)
    await vi.waitFor(() => expect(store.getState().recorded?.stays).not.toBeNull())
    const state = store.getState()
    expect(state.results.size).toBe(0)
    expect(state.recorded?.stays).toMatch(
      /has other paths, classes or files than those that scan\.urpatch was made with, so a scan cannot go on from it\.$/,
    )
    expect(besideOf(state)?.name).toBe('scan.urpatch')
  })

  it('takes no report in while it is copied', async () => {
    const app = await readyApp({ scanBatch: settled }, 600)
    const run = app.store.getState().run(['first', 'second'])
    const scannedNow = (): number[] =>
      [...app.store.getState().results.values()].map((result) => result.scanned)
    while (!(scannedNow()[0]! > 0)) await settled()
    const [before, after] = await app.store.getState().betweenReports(async () => {
      const first = scannedNow()
      for (let i = 0; i < 50; i++) await settled()
      return [first, scannedNow()]
    })
    expect(before![0]).toBeGreaterThan(0)
    expect(before![0]).toBeLessThan(600)
    expect(after).toEqual(before)
    await run
    expect(scannedNow()).toEqual([600, 600])
  })

  it('can be saved while it runs, and what is saved fits together', async () => {
    const app = await readyApp({ scanBatch: settled }, 600)
    const run = app.store.getState().run(['first', 'second'])
    const files: File[] = []
    const isDone = (): boolean => app.store.getState().scan.status === 'done'
    while (!isDone()) {
      await settled()
      if (app.store.getState().results.size > 0 && !isDone())
        files.push(await snapshotOf(app, `${files.length}.urpatch`))
    }
    await run
    expect(files.length).toBeGreaterThan(1)
    const seen = new Set<number>()
    for (const file of files) {
      const other = testApp()
      expect(await other.store.getState().openResults(file)).toBe(true)
      const { recorded } = other.store.getState()
      // All layers have seen all of its images.
      const images = recorded!.content.kind === 'snapshot' ? recorded!.content.snapshot.images.numbers : []
      expect(recorded!.layers.map((layer) => layer.scanned)).toEqual([images.length, images.length])
      seen.add(images.length)
    }
    expect(seen.size).toBeGreaterThan(1)
  })
})

describe('a file that is no whole snapshot', () => {
  it('is refused in one sentence, and nothing is lost', async () => {
    const app = await scanned()
    const bytes = await (await snapshotOf(app, 'x')).arrayBuffer()
    const before = shown(app, 'first')
    for (const [content, sentence] of [
      [bytes.slice(0, 1000), /^cut\.urpatch is cut off after 1,000 bytes\./],
      [new ArrayBuffer(0), /^cut\.urpatch is cut off after 0 bytes\./],
      [
        'no snapshot at all, but a text',
        /^cut\.urpatch is no whole snapshot: its first bytes are not those of a snapshot\./,
      ],
    ] as const) {
      expect(await app.store.getState().openResults(new File([content], 'cut.urpatch'))).toBe(false)
      expect(texts(app).at(-1)).toMatch(sentence)
    }
    expect(shown(app, 'first')).toEqual(before)
  })
})
